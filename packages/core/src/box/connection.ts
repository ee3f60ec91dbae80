import type { Clock } from '../clock.ts';
import type { Configuration } from '../protocol/dialect.ts';
import { BoxError } from '../protocol/errors.ts';
import { isSameConfiguration } from './configuration.ts';
import { EventSocket, type EventSocketHandlers, type EventSocketOptions } from './event-socket.ts';
import { Heartbeat } from './heartbeat.ts';
import { judgeEvery } from './judge-every.ts';

/** [assumed] How long a box that answers no pings takes to put a configuration into force. */
const SETTLE_MS = 1_000;

export interface ConnectionOptions extends EventSocketOptions {
  /** 0: no pings. */
  readonly pingMs: number;
  readonly encode: (configuration: Configuration) => string;
  readonly clock: Clock;
}

export interface ConnectionHandlers {
  /** See `EventSocketHandlers.frame`. */
  readonly frame: (bytes: number, connection: Connection) => void;
  readonly message: (data: Buffer, connection: Connection) => void;
  /** A ping was answered that had been sent at this instant. */
  readonly answered: (at: number) => void;
  /** Told once. Messages may follow while a closing handshake lasts. */
  readonly ended: (error: BoxError) => void;
}

/** One socket to a box, with its heartbeat and the configuration that it was sent. */
export class Connection implements AsyncDisposable {
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #socket: EventSocket;
  readonly #heartbeat = new Heartbeat();
  readonly #settled = Promise.withResolvers<void>();
  readonly #begun: number;
  #configuredAt = Number.POSITIVE_INFINITY;
  #pings: NodeJS.Timeout | undefined;
  #configuration: Configuration | undefined;
  #error: BoxError | undefined;

  /**
   * Settles when the connection is open, or with `error` set when it could not be had.
   *
   * @param signal closes the connection, whether it is open yet or not.
   */
  static async open(
    options: ConnectionOptions,
    handlers: ConnectionHandlers,
    signal: AbortSignal,
  ): Promise<Connection> {
    const connection = new Connection(options, handlers, signal);
    await connection.#socket.opened;
    connection.#startPings();
    return connection;
  }

  private constructor(
    options: ConnectionOptions,
    handlers: ConnectionHandlers,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#handlers = handlers;
    this.#begun = options.clock.elapsed();
    const onSocket: EventSocketHandlers = {
      frame: (bytes) => handlers.frame(bytes, this),
      message: (data) => {
        this.#settled.resolve();
        handlers.message(data, this);
      },
      pong: (payload) => {
        this.#heartbeat.pong();
        const at = Number(payload.toString('latin1'));
        // One that nobody asked for is a sign of life, and no answer.
        const isAnswer = at >= this.#begun && at <= options.clock.elapsed();
        // What was asked before the configuration is answered before it is read.
        if (this.isConfigured && !(isAnswer && at < this.#configuredAt)) this.#settled.resolve();
        if (isAnswer) handlers.answered(at);
      },
      ended: (error) => this.#end(error),
    };
    this.#socket = new EventSocket(options, onSocket, signal);
  }

  /** Why the connection ended; undefined as long as it is open. */
  get error(): BoxError | undefined {
    return this.#error;
  }

  /** Whether the box was sent any configuration. */
  get isConfigured(): boolean {
    return this.#configuration !== undefined;
  }

  /** Whether `configuration` is what the box was sent last. */
  has(configuration: Configuration): boolean {
    return (
      this.#configuration !== undefined && isSameConfiguration(this.#configuration, configuration)
    );
  }

  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    this.#configuredAt = Math.min(this.#configuredAt, this.#options.clock.elapsed());
    this.#socket.send(this.#options.encode(configuration));
  }

  /** Whether the box has answered a ping on this connection. */
  get answersPings(): boolean {
    return this.#heartbeat.answersPings;
  }

  /**
   * Settles when the box has read what it was sent first: with the pong to a ping that followed
   * it, or with an event, else after `SETTLE_MS`, or when the connection ends. A box that is
   * known to answer pings, and then does not, is lost after `connectTimeoutMs`.
   */
  async settled({ mustAnswer = false } = {}): Promise<void> {
    const { url, pingMs, connectTimeoutMs } = this.#options;
    if (pingMs > 0) this.#ping();
    const message = `${url} did not answer a ping within ${connectTimeoutMs} ms of its configuration`;
    const timer =
      mustAnswer && pingMs > 0
        ? setTimeout(() => this.#socket.fail(new BoxError('TIMEOUT', message)), connectTimeoutMs)
        : setTimeout(this.#settled.resolve, SETTLE_MS);
    await this.#settled.promise;
    clearTimeout(timer);
  }

  /** Reads no more until `resume`; a box that is not read is not taken for dead. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** As `pause`, until this settles. */
  rest(over: Promise<void>): void {
    this.#socket.rest(over);
  }

  /** Ends the connection: `error` is why. No message is told any more. */
  fail(error: BoxError): void {
    this.#socket.fail(error);
  }

  /** A device poll found somebody there, whatever the answer. */
  pollAnswered(): void {
    this.#heartbeat.pollAnswered();
  }

  /** A device poll found nobody there. */
  pollLost(error: BoxError): void {
    if (this.#socket.isPaused) return;
    if (this.#heartbeat.pollLost(this.#socket.bytesRead) === 'lost') {
      this.#lost('no event came, and nobody answers at the HTTP port', error);
    }
  }

  /**
   * Closes when all that is on its way has been heard.
   *
   * @returns why that may not be all that the box said: the connection had ended by itself, or
   *   the box did not answer the closing handshake. Undefined when it is all.
   */
  async drain(): Promise<BoxError | undefined> {
    const endedBefore = this.#error;
    const cut = await this.#socket.drain();
    return endedBefore ?? cut;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }

  #startPings(): void {
    const { pingMs } = this.#options;
    if (this.#error || pingMs === 0) return;
    this.#pings = judgeEvery(pingMs, () => this.#pingDue());
  }

  #pingDue(): void {
    if (this.#error || this.#socket.isPaused) return;
    if (this.#heartbeat.pingDue(this.#socket.bytesRead) === 'ping') this.#ping();
    else this.#lost(`nothing came within ${this.#options.pingMs} ms of a ping`);
  }

  /** A pong repeats the instant of its ping, however late it comes. */
  #ping(): void {
    this.#socket.ping(String(this.#options.clock.elapsed()));
  }

  #lost(missing: string, cause?: BoxError): void {
    const message = `${this.#options.url} was open but dead: ${missing}`;
    this.#socket.fail(new BoxError('TIMEOUT', message, {}, { cause }));
  }

  #end(error: BoxError): void {
    clearInterval(this.#pings);
    this.#error = error;
    this.#settled.resolve();
    this.#handlers.ended(error);
  }
}
