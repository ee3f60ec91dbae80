import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Conditions } from './conditions.ts';
import type { Handlers } from './listener.ts';
import { Outbox } from './outbox.ts';
import type { Recognition } from './recognition.ts';
import { type Configuration, encodeEvent, parseConfiguration } from './wire.ts';

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
  /** ms since the Unix epoch. */
  readonly at: number;
  readonly reason: string;
}

export interface EventServerObserver {
  connected(): void;
  configured(configuration: ReceivedConfiguration): void;
  misconfigured(configuration: InvalidConfiguration): void;
  disconnected(): void;
}

/** One client on the event port. */
interface Connection {
  readonly number: number;
  readonly socket: WebSocket;
  readonly outbox: Outbox;
  /** Undefined until the client has said what it wants. */
  configuration: Configuration | undefined;
}

/** No configuration of a real client comes near it. */
const MAX_CONFIGURATION_BYTES = 2 ** 20;

/** The WebSocket side [seed]: says nothing to anybody who has not said what is wanted. */
export class EventServer implements Handlers, Disposable {
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
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

  /** How many are open; a half-open one is not. */
  get connections(): number {
    return this.#open.size;
  }

  request(_request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(426, { connection: 'close' }).end();
  }

  // Any path and any sub-protocol will do [seed].
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => this.#accept(socket));
  }

  /** Tells those who listen to the event's device. Returns how many. */
  send(event: Recognition & { readonly eventId: string }): number {
    const messages = new Map<string, Buffer>();
    let count = 0;
    for (const { configuration, outbox } of this.#open.values()) {
      if (!configuration?.eventList.includes(event.deviceId)) continue;
      const pictures = `${configuration.needFace} ${configuration.needRegister}`;
      const message = messages.get(pictures) ?? encodeEvent(event, configuration);
      messages.set(pictures, message);
      outbox.send(message);
      count += 1;
    }
    return count;
  }

  /** Sends a message to all who have configured themselves. Returns how many. */
  sendRaw(message: Buffer, binary: boolean): number {
    const configured = [...this.#open.values()].filter((one) => one.configuration !== undefined);
    for (const { outbox } of configured) outbox.send(message, binary);
    return configured.length;
  }

  /** Sends what is held back to be swapped. */
  flush(): void {
    for (const { outbox } of this.#open.values()) outbox.flush();
  }

  /** From here on nothing is read from or written to the sockets open now. Returns how many. */
  halfOpen(): number {
    const connections = [...this.#open.values()];
    for (const connection of connections) {
      connection.socket.pause();
      this.#halfOpen.add(connection.socket);
      this.#forget(connection);
    }
    return connections.length;
  }

  /** Ends every connection at once, without a closing handshake. Returns how many. */
  drop(): number {
    const sockets = [...this.#open.keys(), ...this.#halfOpen];
    for (const socket of sockets) socket.terminate();
    return sockets.length;
  }

  [Symbol.dispose](): void {
    this.drop();
  }

  #accept(socket: WebSocket): void {
    this.#accepted += 1;
    const connection: Connection = {
      number: this.#accepted,
      socket,
      outbox: new Outbox(socket, this.#conditions),
      configuration: undefined,
    };
    this.#open.set(socket, connection);
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#configure(connection, data.toString());
    });
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
