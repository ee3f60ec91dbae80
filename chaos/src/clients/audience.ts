import { EventEmitter, once } from 'node:events';
import { TcpProxy } from '../world/tcp-proxy.ts';
import { eventSource } from './event-source.ts';
import type { Interest } from './interest.ts';
import { type Received, toReceived } from './received.ts';
import type { Circumstances, ClientRecord, Subscription, Transport } from './subscriber.ts';
import { webSocket } from './web-socket.ts';

/** The ports of gateways, as they are when somebody connects; undefined while there is none. */
export interface GatewayPorts {
  /** Of each gateway. */
  readonly each: readonly (() => number | undefined)[];
  /** Of one of them: a load balancer in front. */
  readonly any: () => number | undefined;
}

interface Kind {
  readonly name: string;
  readonly transport: Transport;
  /** What its clients connect to. */
  readonly targets: (ports: GatewayPorts) => GatewayPorts['each'];
}

const WEB_SOCKET: Kind = { name: 'WebSocket', transport: webSocket, targets: ({ each }) => each };
/** A browser has one address. */
const SSE: Kind = { name: 'SSE', transport: eventSource, targets: ({ any }) => [any] };

/** Turn by turn: half of the clients each. */
const kindOf = (client: number): Kind => (client % 2 === 0 ? WEB_SOCKET : SSE);

/** What the client with this number listens over, by its name. */
export const transportName = (client: number): string => kindOf(client).name;

interface Member {
  readonly record: ClientRecord & { received: Received[]; ended: string | undefined };
  /** To each address that it knows. */
  readonly networks: readonly TcpProxy[];
  readonly subscription: Subscription;
}

/** All clients, each behind networks of its own, and what each of them received. */
export class Audience implements AsyncDisposable {
  readonly #members: Member[] = [];
  readonly #changes = new EventEmitter();

  static async start(
    interests: readonly Interest[],
    ports: GatewayPorts,
    circumstances: Circumstances,
  ): Promise<Audience> {
    const audience = new Audience();
    for (const interest of interests) await audience.#join(interest, ports, circumstances);
    return audience;
  }

  get records(): readonly ClientRecord[] {
    return this.#members.map(({ record }) => record);
  }

  /** Of the clients with these numbers. */
  networks(clients: readonly number[]): readonly TcpProxy[] {
    return this.#members
      .filter((_, client) => clients.includes(client))
      .flatMap(({ networks }) => networks);
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
      this.#members.map(async ({ subscription, networks }) => {
        await subscription[Symbol.asyncDispose]();
        await Promise.all(networks.map((network) => network[Symbol.asyncDispose]()));
      }),
    );
  }

  async #join(
    interest: Interest,
    ports: GatewayPorts,
    { tokenOf, ...circumstances }: Circumstances,
  ): Promise<void> {
    const number = this.#members.length;
    const { name, transport, targets } = kindOf(number);
    const networks = await Promise.all(targets(ports).map((port) => TcpProxy.start(port)));
    const record: Member['record'] = {
      name: `client ${number} (${name}, ${interest.title})`,
      interest,
      received: [],
      ended: undefined,
    };
    let isOver = false;
    const subscription = transport(
      {
        ...circumstances,
        urls: networks.map(({ port }) => `http://127.0.0.1:${port}`),
        interest,
        token: tokenOf?.(number),
      },
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
      networks,
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
