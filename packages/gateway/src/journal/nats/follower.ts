import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages } from '@nats-io/jetstream';
import type { Log } from './log.ts';

/** Messages that are written to the file at once, at most. */
const BATCH = 500;

/** Between two attempts, and between two looks whether the stream is still the same one, in ms. */
const RETRY_MS = 500;
const LOOK_MS = 2_000;

export interface FollowedMessage {
  /** The last part of its subject: see `boxToken`. */
  readonly token: string;
  readonly sequence: number;
  readonly data: Uint8Array;
}

export interface FollowerOptions {
  readonly log: Log;
  /** The position of the newest message that was taken. */
  readonly newest: () => number;
  /** Takes the next messages. Rejects when they can't be stored; then they come again. */
  readonly take: (messages: readonly FollowedMessage[]) => Promise<void>;
  /** The stream was made anew, or begins later than what is to come next. */
  readonly begin: () => Promise<void>;
  /** Whether the stream is still the one that `begin` saw. */
  readonly isSame: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
}

/** Takes messages in batches: while one is being taken, the next ones gather. */
class Batches {
  readonly #take: FollowerOptions['take'];
  readonly #failed: () => void;
  #gathered: FollowedMessage[] = [];
  #taking: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(take: FollowerOptions['take'], failed: () => void) {
    this.#take = take;
    this.#failed = failed;
  }

  /** Resolves when another one may be added. Rejects when an earlier one was not taken. */
  async add(message: FollowedMessage): Promise<void> {
    this.#gathered.push(message);
    this.#taking ??= this.#run();
    if (this.#gathered.length >= BATCH) await this.#taking;
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when all are taken. Rejects when one was not. */
  async taken(): Promise<void> {
    await this.#taking;
    if (this.#failure) throw this.#failure.error;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    try {
      while (this.#gathered.length > 0) {
        const batch = this.#gathered;
        this.#gathered = [];
        await this.#take(batch);
      }
    } catch (error) {
      this.#failure = { error };
      this.#failed();
    }
    this.#taking = undefined;
  }
}

/** Reads the log in its order, from where it stopped, for as long as it is not disposed of. */
export class Follower implements AsyncDisposable {
  readonly #options: FollowerOptions;
  readonly #closing = new AbortController();
  #messages: ConsumerMessages | undefined;
  readonly #running: Promise<void>;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#messages?.stop();
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#options.begin();
        await this.#follow();
      } catch (error) {
        if (!signal.aborted) this.#options.failed(error);
      }
      await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Ends when the stream is another one. */
  async #follow(): Promise<void> {
    const { log, newest } = this.#options;
    const messages = await log.follow(newest());
    this.#messages = messages;
    if (this.#closing.signal.aborted) messages.stop();
    const looking = this.#lookUntil(messages);
    const batches = new Batches(this.#options.take, () => messages.stop());
    try {
      for await (const { seq, subject, data } of messages) {
        const token = subject.slice(subject.lastIndexOf('.') + 1);
        if (seq > newest()) await batches.add({ token, sequence: seq, data });
      }
      await batches.taken();
    } finally {
      messages.stop();
      await looking;
    }
  }

  /**
   * A consumer whose stream was deleted goes on without an end, and at the same sequence once the
   * stream is made anew.
   */
  async #lookUntil(messages: ConsumerMessages): Promise<void> {
    const ended = new AbortController();
    void messages.closed().then(() => ended.abort());
    const signal = AbortSignal.any([ended.signal, this.#closing.signal]);
    while (!signal.aborted) {
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (!(await this.#options.isSame())) messages.stop();
      } catch (error) {
        this.#options.failed(error);
      }
    }
  }
}
