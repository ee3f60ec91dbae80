import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages } from '@nats-io/jetstream';
import { Listeners } from '../../listeners.ts';
import type { DeniedElsewhere } from '../denied-elsewhere.ts';
import { type Denial, type DenialsStream, denialIn } from './denials-stream.ts';

/** Between two attempts, in ms. */
const RETRY_MS = 500;

/** Messages that are published side by side. */
const MAX_PUBLISHED = 500;

/** Denies nobody: whoever has read it back has read all that was there before. */
const MARK = '';

export interface SharedDenialsOptions {
  readonly stream: DenialsStream;
  /** The name of this gateway. */
  readonly gateway: string;
  /** The lists can't be shared for now: told after each attempt; must not throw. */
  readonly failed: (error: unknown) => void;
  /** Ends the opening. Later it does nothing. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The deny lists of all gateways of a cluster, through a stream.
 *
 * An entry counts everywhere until the gateway that has it says that it has gone: also while that
 * gateway is down, and when the stream is lost.
 */
export class SharedDenials implements DeniedElsewhere, AsyncDisposable {
  readonly #options: SharedDenialsOptions;
  readonly #closed = new AbortController();
  readonly #changes: Listeners<void>;
  #telling: NodeJS.Immediate | undefined;
  /** The other gateways that deny each entry. */
  readonly #elsewhere = new Map<string, Set<string>>();
  readonly #entries = new Set<string>();
  /** What this gateway denies; undefined before it has said so. */
  #own: ReadonlySet<string> | undefined;
  /** The same as the stream has it. */
  readonly #told = new Set<string>();
  #publishing: Promise<void> | undefined;
  #messages: ConsumerMessages | undefined;
  #following: Promise<void> | undefined;

  private constructor(options: SharedDenialsOptions) {
    this.#options = options;
    this.#changes = new Listeners(options.failed);
  }

  /** Resolves when it is known what the other gateways deny. @throws the signal's reason. */
  static async open(options: SharedDenialsOptions): Promise<SharedDenials> {
    const { signal } = options;
    signal?.throwIfAborted();
    await using parts = new AsyncDisposableStack();
    const denials = parts.use(new SharedDenials(options));
    const level = Promise.withResolvers<void>();
    const abort = () => level.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    denials.#following = denials.#untilClosed(() => denials.#follow(level.resolve));
    try {
      await level.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    parts.move();
    return denials;
  }

  get entries(): ReadonlySet<string> {
    return this.#entries;
  }

  tell(entries: ReadonlySet<string>): void {
    this.#own = entries;
    this.#start();
  }

  /** Resolves when the stream has all that was told, or this is closed. */
  async told(): Promise<void> {
    while (this.#publishing) await this.#publishing;
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    clearImmediate(this.#telling);
    this.#changes.clear();
    await this.#messages?.close();
    await Promise.all([this.#following, this.told()]);
  }

  /**
   * Reads the stream from its start until it goes, which is never the end of it.
   *
   * @param reachedLevel is told when all has been read that was there at the start.
   */
  async #follow(reachedLevel: () => void): Promise<false> {
    const { stream } = this.#options;
    const messages = await stream.follow();
    this.#messages = messages;
    try {
      if (!this.#closed.signal.aborted) await this.#read(messages, reachedLevel);
    } finally {
      await messages.close();
    }
    return false;
  }

  async #read(messages: ConsumerMessages, reachedLevel: () => void): Promise<void> {
    const { stream, gateway, failed } = this.#options;
    // A stream that was made anew has nothing of it.
    this.#told.clear();
    const mark = await stream.put({ gateway, entry: MARK, isDenied: false });
    let isLevel = false;
    for await (const message of messages) {
      try {
        const denial = denialIn(message);
        if (denial.gateway !== gateway) this.#take(denial);
        // Later ones come behind what this process knows already.
        else if (message.seq < mark) this.#noteTold(denial);
      } catch (error) {
        failed(error);
      }
      // The mark itself may have been replaced, by a process that had this name before.
      if (isLevel || message.seq < mark) continue;
      isLevel = true;
      reachedLevel();
      if (this.#own) this.tell(this.#own);
    }
  }

  #take({ gateway, entry, isDenied }: Denial): void {
    const gateways = this.#elsewhere.get(entry) ?? new Set();
    if (isDenied) gateways.add(gateway);
    else gateways.delete(gateway);
    if (gateways.size > 0) this.#elsewhere.set(entry, gateways);
    else this.#elsewhere.delete(entry);
    if (gateways.size > 0 === this.#entries.has(entry)) return;
    if (gateways.size > 0) this.#entries.add(entry);
    else this.#entries.delete(entry);
    // Those that come together are told together: each change has all viewers judged anew.
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      this.#changes.tell();
    });
  }

  #noteTold({ entry, isDenied }: Denial): void {
    if (isDenied) this.#told.add(entry);
    else this.#told.delete(entry);
  }

  #start(): void {
    if (this.#publishing || this.#closed.signal.aborted || this.#owed().length === 0) return;
    this.#publishing = this.#publish().finally(() => {
      this.#publishing = undefined;
      this.#start();
    });
  }

  async #publish(): Promise<void> {
    const { stream } = this.#options;
    await this.#untilClosed(async () => {
      for (let owed = this.#owed(); owed.length > 0; owed = this.#owed()) {
        await Promise.all(
          owed.map(async (denial) => {
            await stream.put(denial);
            this.#noteTold(denial);
          }),
        );
      }
      return true;
    });
  }

  /** What the stream does not have of this gateway, as far as it is published at once. */
  #owed(): readonly Denial[] {
    const { gateway } = this.#options;
    const own = this.#own ?? new Set();
    const added = [...own].filter((entry) => !this.#told.has(entry));
    const gone = [...this.#told].filter((entry) => !own.has(entry));
    return [
      ...added.map((entry) => ({ gateway, entry, isDenied: true })),
      ...gone.map((entry) => ({ gateway, entry, isDenied: false })),
    ].slice(0, MAX_PUBLISHED);
  }

  /** Tries again and again, until an attempt resolves to true or this is closed. */
  async #untilClosed(attempt: () => Promise<boolean>): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        if (await attempt()) return;
      } catch (error) {
        if (!signal.aborted) this.#options.failed(error);
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
