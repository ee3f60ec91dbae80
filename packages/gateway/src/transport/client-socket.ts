import type { Duplex } from 'node:stream';
import { CloseCode, type Message, MessageType, stringifyMessage } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { HeldViewer } from '../access/live-viewers.ts';
import type { Viewer } from '../access/viewer.ts';
import { Outbox, type OutboxHost, type OutboxSettings } from '../fanout/outbox.ts';
import type { Connection } from '../graphql/connection-cursor.ts';
import type { SharedTimeout } from '../shared-timeout.ts';
import { closeReason } from './close-reason.ts';
import { Operations } from './operations.ts';
import { isoTime } from './session-route.ts';
import { SocketQueries } from './socket-queries.ts';
import { UnfinishedMessage } from './unfinished-message.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/** A client that has answered none of so many pings is gone; a slow one may be late. */
const MAX_MISSED_PONGS = 3;

/**
 * To a client that has read nothing for too long: come back, and go on from the cursor.
 * Clients of graphql-ws do, for it is none of the codes that are final to them.
 */
export const CLIENT_STALLED = 4503;

/** Who asked for the WebSocket, by its request. */
export interface Peer {
  /** Of `Authorization` or the session cookie; what `connection_init` holds beats it. */
  readonly credential: string | undefined;
  /** Undefined for this machine and for a proxy. */
  readonly address: string | undefined;
}

/** What all sockets have in common. */
interface ClientSockets {
  readonly outbox: OutboxSettings;
  readonly unread: UnreadAnswers;
  /** Closes those whose `connection_init` does not come. */
  readonly initialisations: SharedTimeout<ClientSocket>;
  /** Tells those whose message is not finished in time. */
  readonly unfinished: SharedTimeout<ClientSocket>;
  /** Terminates those that were closed, and did not answer. */
  readonly closings: SharedTimeout<ClientSocket>;
}

/** One WebSocket: what is said on it, besides the frames of `ws` itself, goes through its outbox. */
export class ClientSocket implements OutboxHost {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly outbox: Outbox;
  readonly operations: Operations;
  /** Undefined for this machine and for a proxy. */
  readonly address: string | undefined;
  #queries: SocketQueries | undefined;
  /** Undefined once `connection_init` has come. */
  #peer: Peer | undefined;
  /** Undefined until `connection_init` has been accepted. */
  connection: Connection | undefined;
  #held: HeldViewer | undefined;
  #opened: Disposable | undefined;
  #renewals = 0;
  readonly #all: ClientSockets;
  readonly #message: UnfinishedMessage<ClientSocket>;
  #missedPongs = 0;
  /** Why it is not read now. */
  #holds = 0;
  #isListeningLater = false;

  /** @param stream is what `socket` writes its frames to. */
  constructor(socket: WebSocket, stream: Duplex, all: ClientSockets, peer: Peer) {
    this.socket = socket;
    this.stream = stream;
    this.outbox = new Outbox(this, all.outbox);
    this.operations = new Operations(this.outbox);
    this.#all = all;
    this.#message = new UnfinishedMessage(this, all.unfinished);
    this.#peer = peer;
    this.address = peer.address;
    all.initialisations.start(this);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Made for those that ask: most sockets only subscribe. */
  get queries(): SocketQueries {
    this.#queries ??= new SocketQueries(this.outbox, (bytes) =>
      this.#all.unread.acquire(this.address, bytes, () => this.stalled()),
    );
    return this.#queries;
  }

  /** Its `connection_init` has come: says who asks with it. Undefined when one came before. */
  initialising(): Peer | undefined {
    this.#all.initialisations.cancel(this);
    const peer = this.#peer;
    this.#peer = undefined;
    return peer;
  }

  /** Its `connection_init` was accepted; `held` and `opened` are disposed of when it is closed. */
  initialised(connection: Connection, held: HeldViewer, opened: Disposable): void {
    if (!this.isOpen) {
      held[Symbol.dispose]();
      opened[Symbol.dispose]();
      return;
    }
    this.connection = connection;
    this.#held = held;
    this.#opened = opened;
    const { expiresAt } = connection.viewer;
    this.say({
      type: MessageType.ConnectionAck,
      payload: {
        cursor: connection.cursor.current,
        ...(expiresAt !== undefined && { expiresAt: isoTime(expiresAt) }),
      },
    });
  }

  /** Of several renewals under way, the newest counts. @returns its number. */
  beginRenewal(): number {
    this.#renewals += 1;
    return this.#renewals;
  }

  get renewals(): number {
    return this.#renewals;
  }

  /** It has shown a newer credential of its viewer. */
  renewed(connection: Connection, viewer: Viewer): void {
    connection.viewer = viewer;
    this.#held?.renew(viewer);
    this.sayExpiry(viewer);
  }

  /** Answers a ping with a token. */
  sayExpiry({ expiresAt }: Viewer): void {
    this.say({ type: MessageType.Pong, payload: { expiresAt: isoTime(expiresAt) } });
  }

  /** Sends a message of the protocol, behind everything that waits. */
  say(message: Message): void {
    void this.outbox.text(stringifyMessage(message));
  }

  /** Bytes came on it, which `ws` has read already. */
  heard(bytes: Buffer): void {
    if (this.isOpen) this.#message.read(bytes);
  }

  /** What came on it, as text. */
  received(message: RawData): string {
    if (this.outbox.level === 'hard') this.#listenLater();
    return textOf(message);
  }

  /** Who reads no answers is heard no further: each question would leave one more in memory. */
  #listenLater(): void {
    if (this.#isListeningLater) return;
    this.#isListeningLater = true;
    const hold = this.hold();
    const clear = this.outbox.onClear(() => {
      clear[Symbol.dispose]();
      hold[Symbol.dispose]();
      this.#isListeningLater = false;
      this.#message.restart();
    });
  }

  /** Reads nothing more until this, and what else holds it, is disposed of. */
  hold(): Disposable {
    this.#holds += 1;
    this.socket.pause();
    return {
      [Symbol.dispose]: () => {
        this.#holds -= 1;
        if (this.#holds === 0) this.socket.resume();
      },
    };
  }

  close(code?: number, reason?: string): void {
    this.#letGo();
    this.socket.close(code, reason);
    this.#all.closings.start(this);
  }

  /** It is gone, whoever closed it. */
  closed(): void {
    this.#letGo();
    this.#opened?.[Symbol.dispose]();
    this.#all.closings.cancel(this);
  }

  stalled(): void {
    const text = 'The client read nothing for too long; reconnect.';
    this.close(CLIENT_STALLED, closeReason('CLIENT_STALLED', text));
  }

  /** A message of the client was not finished in time. */
  unfinished(): void {
    // A client that is not read can't finish a message.
    if (this.#holds > 0) {
      this.#message.restart();
      return;
    }
    const text = 'a message was not finished in time';
    this.close(CloseCode.ConnectionInitialisationTimeout, closeReason('REQUEST_TIMEOUT', text));
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
    if (cursor !== undefined) this.say({ type: MessageType.Ping, payload: { cursor } });
  }

  /** Nothing is sent any more, so nothing is held for it any more. */
  #letGo(): void {
    this.outbox.release();
    this.operations.endAll();
    this.#message.forget();
    this.#all.initialisations.cancel(this);
    this.#held?.[Symbol.dispose]();
    this.#opened?.[Symbol.dispose]();
  }
}

function textOf(message: RawData): string {
  if (Buffer.isBuffer(message)) return message.toString('utf8');
  return Buffer.concat(Array.isArray(message) ? message : [Buffer.from(message)]).toString('utf8');
}
