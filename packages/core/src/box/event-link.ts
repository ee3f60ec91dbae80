import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { decode } from '../protocol/decode.ts';
import type { Configuration, Dialect } from '../protocol/dialect.ts';
import { BoxError } from '../protocol/errors.ts';
import type { BoxEvent, SpoiltPicture } from '../protocol/event.ts';
import type { DeviceId } from '../protocol/ids.ts';
import { Backoff } from './backoff.ts';
import { Connection, type ConnectionHandlers, type ConnectionOptions } from './connection.ts';
import type { LinkState } from './link-state.ts';
import { type LinkInput, transition } from './link-transition.ts';
import { authority, isNobodyThere } from './network-error.ts';
import { ReadBudget } from './read-budget.ts';
import type { BoxSettings } from './settings.ts';
import { SilenceWatch } from './silence-watch.ts';
import { MAX_UNREADABLE, UnreadableLimit } from './unreadable-limit.ts';

/** A box that goes on to say something instead of closing is not heard for longer, in ms. */
const DRAIN_MS = 2_000;

export interface EventLinkListener {
  event(event: BoxEvent, receivedAt: number, instant: number): void;
  unreadable(error: BoxError): void;
  spoiltPicture(deviceId: DeviceId, picture: SpoiltPicture): void;
  link(state: LinkState, previous: LinkState): void;
}

/**
 * Keeps a box configured as wanted and hears its events: connect, configure, receive, back
 * off. One socket at a time; two only while one takes over from the other.
 *
 * The link does not follow changes one by one. Whatever changed (what is wanted, the
 * connection), it wakes, compares what is with what should be, and does what is missing.
 * That makes any number of changes within a turn one configuration, and leaves no order of
 * events to be thought of.
 */
export class EventLink implements AsyncDisposable {
  readonly #settings: BoxSettings;
  readonly #clock: Clock;
  readonly #listener: EventLinkListener;
  readonly #connectionOptions: ConnectionOptions;
  readonly #connectionHandlers: ConnectionHandlers;
  readonly #backoff: Backoff;
  readonly #silence: SilenceWatch;
  readonly #unreadable: UnreadableLimit;
  readonly #budget: ReadBudget;
  readonly #stop = new AbortController();
  #state: LinkState;
  #wanted: Configuration | undefined;
  #connection: Connection | undefined;
  /** The one that takes over, while it does. */
  #next: Connection | undefined;
  #liveSince = Number.POSITIVE_INFINITY;
  #heardUntil: number | undefined;
  #isHandingOver = false;
  #isDraining = false;
  /** Whether all was heard before the connection closed. */
  #isHeardToEnd = false;
  /** Whether the box has ever answered a ping. */
  #answersPings = false;
  #changed = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(settings: BoxSettings, dialect: Dialect, listener: EventLinkListener) {
    const { host, eventPort, connectTimeoutMs, maxMessageBytes, pingMs, clock } = settings;
    this.#settings = settings;
    this.#clock = clock;
    this.#state = { name: 'STOPPED', since: clock.now() };
    this.#listener = listener;
    this.#backoff = new Backoff(settings.backoffMs);
    this.#silence = new SilenceWatch(settings.silentAfterMs, () =>
      this.#input({ type: 'silence', at: this.#clock.now() }),
    );
    this.#unreadable = new UnreadableLimit(clock);
    this.#budget = new ReadBudget(settings, clock, this.#stop.signal);
    this.#connectionOptions = {
      url: `ws://${authority(host, eventPort)}`,
      connectTimeoutMs,
      maxMessageBytes,
      pingMs,
      encode: dialect.encodeConfiguration,
      clock,
    };
    this.#connectionHandlers = {
      frame: (bytes, connection) => this.#budget.spend(bytes, connection),
      message: (data, connection) => this.#receive(data, connection, dialect),
      answered: (at) => {
        // A box that was asked for nothing answers too.
        if (this.#state.name === 'CONNECTING' || this.#isHandingOver) return;
        this.#heardUntil = Math.max(at, this.#heardUntil ?? at);
      },
      ended: (error) => {
        if (error.code === 'MESSAGE_TOO_LARGE') listener.unreadable(error);
        this.#changed.resolve();
      },
    };
  }

  get state(): LinkState {
    return this.#state;
  }

  /** See `Box.heardUntil`. */
  get heardUntil(): number | undefined {
    return this.#heardUntil;
  }

  /** See `Box.isHandingOver`. */
  get isHandingOver(): boolean {
    return this.#isHandingOver;
  }

  /** Begins to connect, once; does nothing the second time, or when disposed. */
  start(): void {
    if (this.#running || this.#stop.signal.aborted) return;
    this.#input({ type: 'start', at: this.#clock.now() });
    this.#running = this.#run();
  }

  /** What the box is to be asked for from now on; undefined as long as nobody can say. */
  want(configuration: Configuration | undefined): void {
    this.#wanted = configuration;
    this.#changed.resolve();
  }

  /** See `Box.pause`. */
  pause(): void {
    for (const connection of [this.#connection, this.#next]) connection?.pause();
  }

  resume(): void {
    for (const connection of [this.#connection, this.#next]) connection?.resume();
  }

  /** The device list was asked for; `error` when it could not be had. */
  polled(error?: BoxError): void {
    if (error && isNobodyThere(error)) this.#connection?.pollLost(error);
    else this.#connection?.pollAnswered();
    if (error && this.#connection && this.#wanted === undefined) {
      this.#input({ type: 'unlisted', error });
    }
  }

  /** See `Box.drain`. */
  async drain(): Promise<boolean> {
    const isUp = this.#state.name === 'LIVE' || this.#state.name === 'SILENT';
    if (isUp && !this.#isHandingOver) {
      this.#isDraining = true;
      this.#changed.resolve();
      const timer = setTimeout(() => this.#stop.abort(), DRAIN_MS);
      await this.#running;
      clearTimeout(timer);
    }
    await this[Symbol.asyncDispose]();
    return this.#isHeardToEnd;
  }

  /** Settles when the sockets are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#input({ type: 'stop', at: this.#clock.now() });
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const error = await this.#session();
      if (this.#isDraining) return;
      const livedMs = this.#clock.elapsed() - this.#liveSince;
      if (livedMs >= this.#settings.stableAfterMs) this.#backoff.reset();
      const delayMs = this.#backoff.failed();
      const { failures: attempts } = this.#backoff;
      const at = this.#clock.now();
      this.#input({ type: 'failed', at, error, attempts, retryAt: at + delayMs });
      // Rejects when the link is stopped; a stopped link takes no `retry`, and the loop ends.
      await this.#clock.sleep(delayMs, signal).catch(() => undefined);
      this.#input({ type: 'retry', at: this.#clock.now() });
    }
  }

  /** One connection, or several that took over from each other. Settles with why it ended. */
  async #session(): Promise<BoxError> {
    this.#liveSince = Number.POSITIVE_INFINITY;
    let connection = await this.#open();
    while (connection.error === undefined) {
      connection = await this.#reconcile(connection);
      this.#connection = connection;
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
      await nextTurn();
    }
    this.#connection = undefined;
    await connection[Symbol.asyncDispose]();
    return connection.error;
  }

  /** The box answers a closing handshake behind all that it has said, as it does a ping. */
  async #hearToEnd(connection: Connection): Promise<void> {
    const closedAt = this.#clock.elapsed();
    if (await connection.drain()) return;
    this.#isHeardToEnd = true;
    this.#heardUntil = Math.max(closedAt, this.#heardUntil ?? closedAt);
  }

  async #open(): Promise<Connection> {
    const { signal } = this.#stop;
    const handlers = this.#connectionHandlers;
    const connection = await Connection.open(this.#connectionOptions, handlers, signal);
    this.#budget.admit(connection);
    return connection;
  }

  /** Does what is missing for the box to be asked for what is wanted, on the connection returned. */
  async #reconcile(connection: Connection): Promise<Connection> {
    if (this.#isDraining) {
      await this.#hearToEnd(connection);
      return connection;
    }
    const wanted = this.#wanted;
    if (wanted === undefined || connection.has(wanted)) return connection;
    if (connection.isConfigured && this.#settings.reconfigure === 'reconnect') {
      return this.#handOver(connection, wanted);
    }
    const isFirst = !connection.isConfigured;
    connection.configure(wanted);
    if (isFirst && this.#state.name === 'CONNECTING') void this.#confirm(connection);
    return connection;
  }

  /**
   * The link is live when the box has read what it was sent, not before: what it says until then
   * goes to nobody, and has to count as missed.
   */
  async #confirm(connection: Connection): Promise<void> {
    await connection.settled({ mustAnswer: this.#answersPings });
    this.#answersPings ||= connection.answersPings;
    if (connection.error || this.#state.name !== 'CONNECTING') return;
    this.#confirmed();
  }

  #confirmed(): void {
    const instant = this.#clock.elapsed();
    this.#liveSince = instant;
    this.#heardUntil = instant;
    this.#silence.heard();
    this.#input({ type: 'configured', at: this.#clock.now() });
  }

  /**
   * The old connection closes when the box has read the configuration of the new one, and is
   * heard until it has closed, so that no event is lost. One that both bring is told twice;
   * it is a duplicate like any other, to be dropped where events get their identity. When the
   * new connection can't be had, the old one ends with it: a box that takes one client at a
   * time [assumed] would stay with what was wanted once.
   *
   * That the new one is heard says nothing of what the old one still brings. So nothing proves
   * up to when the box was heard until the old one has closed by handshake; and where it ends
   * otherwise, the link was down.
   */
  async #handOver(old: Connection, wanted: Configuration): Promise<Connection> {
    const next = await this.#open();
    if (next.error) {
      await old.drain();
      return next;
    }
    this.#isHandingOver = true;
    this.#next = next;
    next.configure(wanted);
    await next.settled();
    const cut = await old.drain();
    this.#isHandingOver = false;
    this.#next = undefined;
    if (next.error) return next;
    if (cut) this.#brokeOff(cut);
    // The old one may have gone before it was confirmed.
    if (this.#state.name === 'CONNECTING') this.#confirmed();
    return next;
  }

  /** What was lost lies between the state that is left here and the one that follows. */
  #brokeOff(error: BoxError): void {
    const at = this.#clock.now();
    this.#input({ type: 'failed', at, error, attempts: 1, retryAt: at });
    this.#input({ type: 'retry', at });
  }

  /** The hot path: once for every message. */
  #receive(message: Buffer, connection: Connection, dialect: Dialect): void {
    if (this.#state.name === 'STOPPED') return;
    // Before its first event is told, whoever hears of it knows that the link is live.
    if (this.#state.name === 'CONNECTING' && this.#connection?.isConfigured) this.#confirmed();
    const receivedAt = this.#clock.now();
    const instant = this.#clock.elapsed();
    const decoded = decode(message, dialect);
    if (!decoded.ok) {
      this.#listener.unreadable(decoded.error);
      if (this.#unreadable.isExceeded()) connection.fail(tooManyUnreadable(decoded.error));
      return;
    }
    this.#silence.heard();
    if (this.#state.name === 'SILENT') this.#input({ type: 'event', at: receivedAt });
    for (const picture of decoded.spoilt ?? []) {
      this.#listener.spoiltPicture(decoded.event.deviceId, picture);
    }
    this.#listener.event(decoded.event, receivedAt, instant);
  }

  #input(input: LinkInput): void {
    const previous = this.#state;
    this.#state = transition(previous, input);
    if (this.#state === previous) return;
    if (this.#state.name === 'BACKING_OFF' || this.#state.name === 'STOPPED') {
      this.#silence[Symbol.dispose]();
    }
    this.#listener.link(this.#state, previous);
  }
}

const tooManyUnreadable = (cause: BoxError): BoxError =>
  new BoxError(
    'PROTOCOL',
    `More than ${MAX_UNREADABLE} messages within 10 s could not be read; check that this is a box of the configured dialect. The last error: ${cause.message}`,
    {},
    { cause },
  );
