import type { Duplex } from 'node:stream';
import { MessageType, type WebSocket as ProtocolSocket, stringifyMessage } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { Outbox, type OutboxHost, type OutboxSettings } from '../fanout/outbox.ts';
import type { Payload } from '../fanout/payload.ts';
import type { Sink } from '../fanout/sink.ts';
import type { SharedTimeout } from '../shared-timeout.ts';
import type { Connection } from './connection-cursor.ts';
import type { ToPublicError } from './errors.ts';

/** A client that has answered none of so many pings is gone; a slow one may be late. */
const MAX_MISSED_PONGS = 3;

/**
 * To a client that has read nothing for too long: come back, and go on from the cursor.
 * Clients of graphql-ws do, for it is none of the codes that are final to them.
 */
export const CLIENT_STALLED = 4503;

const INTERNAL_ERROR = 1011;

const END_OF_MESSAGE = Buffer.from('}');

/** Who asked for the WebSocket, by its request. */
export interface Peer {
  /** The header. */
  readonly authorization: string | undefined;
  /** Undefined for this machine and for a proxy. */
  readonly address: string | undefined;
}

/** What all sockets have in common. */
interface ClientSockets {
  readonly outbox: OutboxSettings;
  /** Terminates those that were closed, and did not answer. */
  readonly closings: SharedTimeout<ClientSocket>;
  readonly toPublicError: ToPublicError;
}

type Handle = (message: string) => Promise<void>;

/** One WebSocket: what is said on it, besides the frames of `ws` itself, goes through its outbox. */
export class ClientSocket implements OutboxHost, ProtocolSocket {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly outbox: Outbox;
  /** Forgotten with `connection_init`. */
  peer: Peer | undefined;
  /** Undefined until `connection_init` has been accepted. */
  connection: Connection | undefined;
  readonly #all: ClientSockets;
  #handle: Handle | undefined;
  #missedPongs = 0;

  /** @param stream is what `socket` writes its frames to. */
  constructor(socket: WebSocket, stream: Duplex, all: ClientSockets, peer: Peer) {
    this.socket = socket;
    this.stream = stream;
    this.outbox = new Outbox(this, all.outbox);
    this.#all = all;
    this.peer = peer;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  send(message: string): Promise<void> {
    return this.outbox.text(message);
  }

  onMessage(handle: Handle): void {
    this.#handle = handle;
  }

  received(message: RawData): void {
    if (this.outbox.level === 'hard') this.#listenLater();
    // What is the client's fault is answered by graphql-ws; what is left is ours.
    this.#handle?.(textOf(message)).catch((error: unknown) =>
      this.close(INTERNAL_ERROR, this.#all.toPublicError(error).message),
    );
  }

  /** Who reads no answers is heard no further: each question would leave one more in memory. */
  #listenLater(): void {
    if (this.socket.isPaused) return;
    this.socket.pause();
    const clear = this.outbox.onClear(() => {
      clear[Symbol.dispose]();
      this.socket.resume();
    });
  }

  close(code?: number, reason?: string): void {
    this.outbox.release();
    this.socket.close(code, reason);
    this.#all.closings.start(this);
  }

  /** It is gone, whoever closed it. */
  closed(): void {
    this.outbox.release();
    this.#all.closings.cancel(this);
  }

  stalled(): void {
    this.close(CLIENT_STALLED, 'Nothing was read for too long; come back.');
  }

  pong(): void {
    this.#missedPongs = 0;
  }

  /**
   * Two kinds of ping: frames of WebSocket, which every client answers without knowing, find out
   * which sockets are dead; messages of graphql-transport-ws carry the cursor, behind the events
   * that it covers.
   */
  ping(): void {
    // As long as bytes wait to be sent, no answer says nothing: the ping waits behind them.
    if (this.outbox.pending > 0) this.#missedPongs = 0;
    if (this.#missedPongs === MAX_MISSED_PONGS) {
      this.socket.terminate();
      return;
    }
    this.#missedPongs += 1;
    this.socket.ping();
    const cursor = this.connection?.cursor.current;
    if (cursor !== undefined) {
      void this.outbox.text(stringifyMessage({ type: MessageType.Ping, payload: { cursor } }));
    }
  }
}

/** Events as messages `next` of one operation of a socket. */
export class OperationSink implements Sink {
  readonly outbox: Outbox;
  readonly #before: Buffer;

  constructor(outbox: Outbox, operationId: string) {
    this.outbox = outbox;
    this.#before = Buffer.from(
      `{"id":${JSON.stringify(operationId)},"type":"${MessageType.Next}","payload":`,
    );
  }

  event(payload: Payload): void {
    this.outbox.event(this.#before, payload, END_OF_MESSAGE);
  }
}

function textOf(message: RawData): string {
  if (Buffer.isBuffer(message)) return message.toString('utf8');
  return Buffer.concat(Array.isArray(message) ? message : [Buffer.from(message)]).toString('utf8');
}
