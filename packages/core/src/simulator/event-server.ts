import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Conditions } from './conditions.ts';
import { Outbox } from './outbox.ts';
import { type Configuration, parseConfiguration } from './wire.ts';

/** A configuration as it came, and over which connection. */
export interface ReceivedConfiguration extends Configuration {
  /** The number of the connection, counted from 1. */
  readonly connection: number;
  /** ms since the Unix epoch. */
  readonly at: number;
}

/** A message that was meant to be a configuration and is none; the box ignores it. */
export interface InvalidConfiguration {
  readonly connection: number;
  readonly at: number;
  readonly reason: string;
}

/** One client on the event port. */
export interface EventConnection {
  readonly number: number;
  /** Undefined until the client has said what it wants. */
  readonly configuration: Configuration | undefined;
  readonly outbox: Outbox;
}

export interface EventServerObserver {
  connected(): void;
  configured(configuration: ReceivedConfiguration): void;
  misconfigured(configuration: InvalidConfiguration): void;
  disconnected(): void;
}

/** No configuration of a real client comes near it. */
const MAX_CONFIGURATION_BYTES = 2 ** 20;

interface Connection extends EventConnection {
  readonly socket: WebSocket;
  configuration: Configuration | undefined;
}

/** The WebSocket side [seed]: says nothing to anybody who has not said what is wanted. */
export class EventServer implements Disposable {
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_CONFIGURATION_BYTES,
  });
  readonly #open = new Map<WebSocket, Connection>();
  readonly #halfOpen = new Set<WebSocket>();
  readonly #conditions: Readonly<Conditions>;
  readonly #observer: EventServerObserver;
  #accepted = 0;

  constructor(conditions: Readonly<Conditions>, observer: EventServerObserver) {
    this.#conditions = conditions;
    this.#observer = observer;
  }

  /** Those that are alive: a half-open one is not. */
  get connections(): readonly EventConnection[] {
    return [...this.#open.values()];
  }

  get accepted(): number {
    return this.#accepted;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#upgrades.handleUpgrade(request, stream, head, (socket) => this.#accept(socket));
  }

  /** From here on nothing is read from or written to the sockets open now, and nobody is told. */
  halfOpen(): number {
    const count = this.#open.size;
    for (const [socket, connection] of this.#open) {
      socket.pause();
      this.#halfOpen.add(socket);
      this.#forget(connection);
    }
    return count;
  }

  /** Ends every connection at once, without a closing handshake. */
  drop(): number {
    const sockets = [...this.#open.keys(), ...this.#halfOpen];
    for (const socket of sockets) socket.terminate();
    return sockets.length;
  }

  [Symbol.dispose](): void {
    this.drop();
    for (const { outbox } of this.#open.values()) outbox[Symbol.dispose]();
  }

  #accept(socket: WebSocket): void {
    this.#accepted += 1;
    const connection: Connection = {
      number: this.#accepted,
      socket,
      configuration: undefined,
      outbox: new Outbox(socket, this.#conditions),
    };
    this.#open.set(socket, connection);
    socket.on('message', (data) => this.#configure(connection, data.toString()));
    socket.on('ping', (payload) => {
      if (!this.#conditions.ignorePings) socket.pong(payload);
    });
    // What ends a connection is the peer's affair; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#halfOpen.delete(socket);
      this.#forget(connection);
    });
    this.#observer.connected();
  }

  #forget(connection: Connection): void {
    connection.outbox[Symbol.dispose]();
    if (this.#open.delete(connection.socket)) this.#observer.disconnected();
  }

  #configure(connection: Connection, message: string): void {
    const received = { connection: connection.number, at: Date.now() };
    try {
      connection.configuration = parseConfiguration(message);
    } catch (error) {
      this.#observer.misconfigured({ ...received, reason: String(error) });
      return;
    }
    this.#observer.configured({ ...received, ...connection.configuration });
  }
}
