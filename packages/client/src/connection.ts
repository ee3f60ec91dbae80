import { closeError } from './close-code.ts';
import { ClientError, gatewayError } from './errors.ts';
import type { ExecutionResult } from './execution-result.ts';
import { platform, type WebSocketConstructor, type WebSocketLike } from './platform.ts';
import {
  type ClientMessage,
  type GraphQLRequest,
  parseServerMessage,
  type ServerMessage,
  SUBPROTOCOL,
} from './wire.ts';

/** Times in ms. */
export interface ConnectionOptions {
  readonly url: string;
  readonly WebSocket: WebSocketConstructor;
  readonly token: string | undefined;
  /** Asks by HTTP why no socket could be opened, which the socket does not tell. Undefined: it was lost. */
  readonly refusal: () => Promise<ClientError | undefined>;
  /** For the opening and the acknowledgement together. */
  readonly connectTimeoutMs: number;
  /** From a sign of life to the next ping. */
  readonly pingMs: number;
  /** How long a ping may go without any sign of life. */
  readonly pongTimeoutMs: number;
}

/** Told synchronously. After `lost` nothing more is said, to operations neither. */
export interface ConnectionObserver {
  acknowledged(): void;
  /** The gateway takes the token until then, in ms since the Unix epoch. */
  expires(at: number): void;
  /** The gateway has sent all that this socket's operations are to have up to this cursor. */
  covered(cursor: string): void;
  lost(error: ClientError): void;
}

/** After `error` or `complete` nothing more is said. */
export interface OperationObserver {
  /** `size`: length of the message, in characters. */
  next(result: ExecutionResult, size: number): void;
  error(error: ClientError): void;
  complete(): void;
}

/**
 * One socket that speaks graphql-transport-ws, from its opening to its end; it never reconnects.
 *
 * Not graphql-ws's own client: that one reconnects by itself with the variables of the first
 * time, does not say which socket a ping came on, and waits without a bound for a socket to open.
 */
export class Connection {
  /** What `connection_ack` brought: the newest cursor at that time. */
  #cursor: string | undefined;
  readonly #options: ConnectionOptions;
  readonly #observer: ConnectionObserver;
  readonly #socket: WebSocketLike;
  readonly #closed: Promise<void>;
  readonly #operations = new Map<string, OperationObserver>();
  #started = 0;
  #opened = false;
  #ended = false;
  #timer: unknown;
  #awaitsLife = false;
  #pings = 0;
  #pongs = 0;
  /** How many pings had been sent when operations were last started or stopped. */
  #pingsAtChange = 0;

  /** @throws {ClientError} INVALID_ARGUMENT when the platform takes no socket to this address. */
  constructor(options: ConnectionOptions, observer: ConnectionObserver) {
    this.#options = options;
    this.#observer = observer;
    try {
      this.#socket = new options.WebSocket(options.url, SUBPROTOCOL);
    } catch (cause) {
      throw new ClientError('INVALID_ARGUMENT', `No WebSocket can be opened to ${options.url}.`, {
        cause,
      });
    }
    this.#closed = new Promise((resolve) => {
      this.#socket.addEventListener('close', ({ code, reason }) => {
        resolve();
        const error = closeError(options.url, code, reason);
        if (this.#opened) this.#lose(error);
        else void this.#loseUnopened(error);
      });
    });
    this.#socket.addEventListener('open', () => {
      this.#opened = true;
      const { token } = options;
      this.#send({ type: 'connection_init', ...(token !== undefined && { payload: { token } }) });
    });
    this.#socket.addEventListener('message', ({ data }) => this.#receive(data));
    // What went wrong is told by the close that follows; some platforms throw errors that nobody listens to.
    this.#socket.addEventListener('error', () => undefined);
    this.#arm(options.connectTimeoutMs, () =>
      this.#lose(new ClientError('TIMEOUT', `No answer from ${options.url} in time.`)),
    );
  }

  /** The newest cursor when the gateway acknowledged the connection, if it told. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** @returns stops the operation; to stop twice, or after its end, does nothing. */
  start(payload: GraphQLRequest, observer: OperationObserver): () => void {
    this.#started += 1;
    const id = String(this.#started);
    this.#operations.set(id, observer);
    this.#sendChange({ type: 'subscribe', id, payload });
    return () => {
      if (this.#operations.delete(id)) this.#sendChange({ type: 'complete', id });
    };
  }

  /** Gives the gateway another token to go by, without a new connection. */
  renew(token: string): void {
    this.#pings += 1;
    this.#send({ type: 'ping', payload: { token } });
  }

  /** Finds out now, not at the next ping, whether somebody is still there. */
  check(): void {
    if (!this.#awaitsLife) this.#ping();
  }

  /** Ends without a word to the observers; resolves when the socket is closed. */
  close(): Promise<void> {
    this.#end(1000);
    return this.#closed;
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    try {
      const message = parseServerMessage(data);
      this.#heard();
      this.#handle(message, String(data).length);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.#lose(error);
    }
  }

  #handle(message: ServerMessage, size: number): void {
    switch (message.type) {
      case 'connection_ack':
        this.#cursor = message.cursor;
        this.#arm(this.#options.pingMs, () => this.#ping());
        if (message.expiresAt !== undefined) this.#observer.expires(message.expiresAt);
        this.#observer.acknowledged();
        return;
      case 'ping':
        this.#send({ type: 'pong' });
        if (message.cursor !== undefined && this.#settled) this.#observer.covered(message.cursor);
        return;
      case 'pong':
        this.#pongs = Math.min(this.#pongs + 1, this.#pings);
        if (message.expiresAt !== undefined) this.#observer.expires(message.expiresAt);
        return;
      case 'next':
        this.#operations.get(message.id)?.next(message.result, size);
        return;
      case 'error':
        this.#take(message.id)?.error(gatewayError(message.errors));
        return;
      case 'complete':
        this.#take(message.id)?.complete();
        return;
    }
  }

  #take(id: string): OperationObserver | undefined {
    const observer = this.#operations.get(id);
    this.#operations.delete(id);
    return observer;
  }

  /**
   * Whether the gateway has surely read every `subscribe` and `complete`: it has answered more pings
   * than had been sent before the last of them, in whatever order. Before, the cursor of its ping may be of operations as
   * they were, and say that something was sent which never was.
   */
  get #settled(): boolean {
    return this.#pongs > this.#pingsAtChange;
  }

  #sendChange(message: ClientMessage): void {
    this.#pingsAtChange = this.#pings;
    this.#send(message);
  }

  #ping(): void {
    this.#pings += 1;
    this.#awaitsLife = true;
    this.#send({ type: 'ping' });
    this.#arm(this.#options.pongTimeoutMs, () =>
      this.#lose(new ClientError('TIMEOUT', 'The gateway does not answer any more.')),
    );
  }

  /** Any message is a sign of life: behind large ones a pong may come late. */
  #heard(): void {
    if (!this.#awaitsLife) return;
    this.#awaitsLife = false;
    this.#arm(this.#options.pingMs, () => this.#ping());
  }

  #send(message: ClientMessage): void {
    if (!this.#ended) this.#socket.send(JSON.stringify(message));
  }

  #lose(error: ClientError): void {
    if (this.#ended) return;
    this.#end();
    this.#observer.lost(error);
  }

  /** Within the time of the opening, like all that belongs to it. */
  async #loseUnopened(error: ClientError): Promise<void> {
    if (this.#ended) return;
    this.#lose((await this.#options.refusal()) ?? error);
  }

  #end(code?: number): void {
    this.#ended = true;
    this.#operations.clear();
    platform.clearTimeout(this.#timer);
    this.#socket.close(code);
  }

  #arm(ms: number, callback: () => void): void {
    platform.clearTimeout(this.#timer);
    this.#timer = platform.setTimeout(callback, ms);
  }
}
