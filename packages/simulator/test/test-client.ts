import { once } from 'node:events';
import type { Simulator } from '@se5/simulator';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** The members of an event that the tests look at; the others are let through. */
const eventSchema = z.looseObject({
  reg_pic: z.string(),
  ext_data: z.looseObject({
    person_type: z.number(),
    device_ip: z.string(),
    device_type: z.string(),
    spot_pic: z.string().optional(),
    recognize_face: z.string().optional(),
  }),
  identity_id: z.string(),
  device_id: z.string(),
  identity_info: z.record(z.string(), z.unknown()),
  score: z.number(),
  timestamp: z.number(),
  group_name: z.string(),
  identity_name: z.string(),
  video_id: z.string(),
  event_id: z.string(),
});
export type WireEvent = z.infer<typeof eventSchema>;

export interface Received {
  readonly text: string;
  readonly binary: boolean;
  readonly at: number;
}

/** A plain client of the event port that shares no code with the library. */
export class TestClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly received: Received[] = [];
  pongs = 0;
  readonly #arrivals = new EventTarget();

  constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on('message', (data, binary) => {
      if (!Buffer.isBuffer(data)) throw new TypeError('The client expects Buffers');
      this.received.push({ text: data.toString(), binary, at: performance.now() });
      this.#arrivals.dispatchEvent(new Event('message'));
    });
    this.socket.on('pong', () => {
      this.pongs += 1;
    });
    this.socket.on('error', () => undefined);
  }

  /** The messages so far, once there are at least so many. */
  async messages(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await once(this.#arrivals, 'message');
    return this.received;
  }

  async events(count: number): Promise<readonly WireEvent[]> {
    const messages = await this.messages(count);
    return messages.map(({ text }) => eventSchema.parse(JSON.parse(text)));
  }

  configure(configuration: unknown): void {
    this.socket.send(JSON.stringify(configuration));
  }

  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return 0;
    const [code] = z.tuple([z.number(), z.unknown()]).parse(await once(this.socket, 'close'));
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.closed();
    this.socket.terminate();
    await closed;
  }
}

export const urlOf = (simulator: Simulator): string =>
  `ws://${simulator.host}:${simulator.eventPort}`;

export const open = async (simulator: Simulator): Promise<TestClient> => {
  const client = new TestClient(urlOf(simulator));
  await once(client.socket, 'open');
  return client;
};

/** A client whose configuration the box has taken; by default all devices and no pictures. */
export const listen = async (
  simulator: Simulator,
  configuration: Readonly<Record<string, unknown>> = {},
): Promise<TestClient> => {
  const client = await open(simulator);
  const before = simulator.configurations.length;
  client.configure({
    event_list: simulator.devices.map(({ deviceId }) => deviceId),
    ...configuration,
  });
  await simulator.until(({ configurations }) => configurations.length > before);
  return client;
};

export const deviceListUrl = (simulator: Simulator): string =>
  `http://${simulator.host}:${simulator.apiPort}/SophonDevice/api/Devices`;
