import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { RawSocket } from './raw-socket.ts';
import { until } from './until.ts';

/** Where GraphQL is served. */
interface Served {
  readonly url: string;
  readonly webSocketUrl: string;
}

export type Transport = 'WebSocket' | 'server-sent events';

type Recognised = Readonly<Record<string, unknown>>;

/** A client that subscribes to recognitions and reads when it is told to. */
export interface Reader extends AsyncDisposable {
  /** What it has read, in order. */
  readonly events: readonly Recognised[];
  pause(): void;
  resume(): void;
  readonly isClosed: boolean;
}

/** Resolves when the gateway has the subscription. */
export async function openReader(
  gateway: Served,
  transport: Transport,
  fields: string,
): Promise<Reader> {
  const query = `subscription { recognitionEvents(withImages: true) { identityId ${fields} } }`;
  return transport === 'WebSocket'
    ? SocketReader.open(gateway, query)
    : StreamReader.open(gateway, query);
}

/** The event in an answer to a subscription. */
export const recognitionIn = (result: unknown): Recognised =>
  (result as { data: { recognitionEvents: Recognised } }).data.recognitionEvents;

class SocketReader implements Reader {
  readonly events: Recognised[] = [];
  readonly #raw: RawSocket;

  static async open({ webSocketUrl }: Served, query: string): Promise<SocketReader> {
    const raw = await RawSocket.open(webSocketUrl);
    await raw.initialise();
    raw.subscribe('1', query);
    // What is answered later was asked later.
    raw.send({ type: 'ping' });
    await raw.next(({ type }) => type === 'pong');
    return new SocketReader(raw);
  }

  private constructor(raw: RawSocket) {
    this.#raw = raw;
    raw.onMessage = ({ type, payload }) => {
      if (type === 'next') this.events.push(recognitionIn(payload));
    };
  }

  get isClosed(): boolean {
    return this.#raw.socket.readyState === this.#raw.socket.CLOSED;
  }

  pause(): void {
    this.#raw.socket.pause();
  }

  resume(): void {
    this.#raw.socket.resume();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#raw[Symbol.asyncDispose]();
  }
}

class StreamReader implements Reader {
  readonly events: Recognised[] = [];
  isClosed = false;
  readonly #response: IncomingMessage;

  static async open({ url }: Served, query: string): Promise<StreamReader> {
    const headers = { Accept: 'text/event-stream' };
    const outgoing = request(`${url}?${new URLSearchParams({ query })}`, { headers, agent: false });
    const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
    return new StreamReader(response);
  }

  private constructor(response: IncomingMessage) {
    this.#response = response;
    let rest: string[] = [];
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = chunk.split('\n\n');
      blocks[0] = rest.join('') + blocks[0];
      rest = blocks.splice(-1);
      if (blocks.length === 0) rest = [rest.join('')];
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data) this.events.push(recognitionIn(JSON.parse(data)));
      }
    });
    // The gateway may break it off.
    response.on('error', () => {});
    response.on('close', () => {
      this.isClosed = true;
    });
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#response.destroy();
    await until(() => this.isClosed);
  }
}
