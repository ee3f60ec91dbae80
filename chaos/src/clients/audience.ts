import { EventEmitter, once } from 'node:events';
import { TcpProxy } from '../world/tcp-proxy.ts';
import { eventSource } from './event-source.ts';
import type { Interest } from './interest.ts';
import { type Received, toReceived } from './received.ts';
import type { Circumstances, ClientRecord, Subscription, Transport } from './subscriber.ts';
import { webSocket } from './web-socket.ts';

/** Turn by turn: about half of the clients each. */
const TRANSPORTS: readonly (readonly [string, Transport])[] = [
  ['WebSocket', webSocket],
  ['SSE', eventSource],
];

const transportOf = (client: number): readonly [string, Transport] =>
  TRANSPORTS[client % TRANSPORTS.length] ?? ['WebSocket', webSocket];

/** What the client with this number listens over, by its name. */
export const transportName = (client: number): string => transportOf(client)[0];

interface Member {
  readonly record: ClientRecord & { received: Received[]; ended: string | undefined };
  readonly network: TcpProxy;
  readonly subscription: Subscription;
}

/** All clients, each behind a network of its own, and what each of them received. */
export class Audience implements AsyncDisposable {
  readonly #members: Member[] = [];
  readonly #changes = new EventEmitter();

  /** @param port of the gateway, while there is one. */
  static async start(
    interests: readonly Interest[],
    port: () => number | undefined,
    circumstances: Circumstances,
  ): Promise<Audience> {
    const audience = new Audience();
    for (const interest of interests) await audience.#join(interest, port, circumstances);
    return audience;
  }

  get records(): readonly ClientRecord[] {
    return this.#members.map(({ record }) => record);
  }

  /** Of the clients with these numbers. */
  networks(clients: readonly number[]): readonly TcpProxy[] {
    return this.#members
      .filter((_, client) => clients.includes(client))
      .map(({ network }) => network);
  }

  /** How each stands, for one who waits in vain. */
  state(client: number): string {
    return this.#members[client]?.subscription.state ?? 'unknown';
  }

  /** Settles when it holds; asked again with each event. @throws when the signal aborts first. */
  async until(
    holds: (records: readonly ClientRecord[]) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    while (!holds(this.records)) await once(this.#changes, 'received', { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#members.map(async ({ subscription, network }) => {
        await subscription[Symbol.asyncDispose]();
        await network[Symbol.asyncDispose]();
      }),
    );
  }

  async #join(
    interest: Interest,
    port: () => number | undefined,
    circumstances: Circumstances,
  ): Promise<void> {
    const number = this.#members.length;
    const [name, transport] = transportOf(number);
    const network = await TcpProxy.start(port);
    const record: Member['record'] = {
      name: `client ${number} (${name}, ${interest.title})`,
      interest,
      received: [],
      ended: undefined,
    };
    let isOver = false;
    const subscription = transport(
      { ...circumstances, url: `http://127.0.0.1:${network.port}`, interest },
      {
        next: (event) => {
          record.received.push(toReceived(event));
          this.#changes.emit('received');
        },
        ended: (why) => {
          if (!isOver) record.ended ??= why;
        },
      },
    );
    this.#members.push({
      record,
      network,
      subscription: {
        get state() {
          return subscription.state;
        },
        [Symbol.asyncDispose]: () => {
          isOver = true;
          return subscription[Symbol.asyncDispose]();
        },
      },
    });
  }
}
