import type { ClientError } from './errors.ts';
import { guard } from './platform.ts';

/** Told synchronously. After `error` or `complete` nothing more is said. */
export interface Observer<T> {
  next(value: T): void;
  /** Without it an error is thrown where the platform reports it as uncaught. */
  error?(error: ClientError): void;
  /** The gateway has ended the subscription, or the client was disposed. */
  complete?(): void;
}

/**
 * A subscription that has not begun. Each loop over it and each `subscribe` is one of its own,
 * from its first `next` to its end.
 *
 * A loop that is slower than what comes never loses anything that can be resumed: when 8 MiB of
 * messages wait, the subscription leaves the gateway, and goes on behind the last of them once
 * half are read.
 */
export interface Stream<T> extends AsyncIterable<T> {
  /** @returns ends it, at once; to call it again does nothing. */
  subscribe(observer: Observer<T>): () => void;
  [Symbol.asyncIterator](): AsyncIterableIterator<T>;
}

/** Where a stream's values come to. `size`: length of the message, in characters. */
export interface Sink<T> {
  next(value: T, size: number): void;
  error(error: ClientError): void;
  complete(): void;
}

/** Where a stream's values come from. */
export interface Source {
  pause(): void;
  resume(): void;
  close(): void;
}

/** Messages that wait for a loop, in characters of their text. */
const BUFFER_LIMIT = 8 * 1024 * 1024;

/** @param open begins a subscription; it may end before this returns. */
export function createStream<T>(
  open: (sink: Sink<T>) => Source,
  bufferLimit = BUFFER_LIMIT,
): Stream<T> {
  return {
    subscribe: (observer) => observe(open, observer),
    [Symbol.asyncIterator]: () => new BufferedIterator(open, bufferLimit),
  };
}

function observe<T>(open: (sink: Sink<T>) => Source, observer: Observer<T>): () => void {
  let ended = false;
  const end = (say: () => void): void => {
    if (ended) return;
    ended = true;
    guard(say);
  };
  const source = open({
    next: (value) => {
      if (!ended) guard(() => observer.next(value));
    },
    error: (error) =>
      end(() => {
        if (observer.error === undefined) throw error;
        observer.error(error);
      }),
    complete: () => end(() => observer.complete?.()),
  });
  return () => end(() => source.close());
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: ClientError): void;
}

const DONE = { done: true, value: undefined } as const;

class BufferedIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #open: (sink: Sink<T>) => Source;
  readonly #limit: number;
  readonly #buffer: { readonly value: T; readonly size: number }[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #source: Source | undefined;
  #buffered = 0;
  #paused = false;
  #ended = false;
  /** Thrown once, after what had come before it. */
  #error: ClientError | undefined;

  constructor(open: (sink: Sink<T>) => Source, limit: number) {
    this.#open = open;
    this.#limit = limit;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#ended) this.#source ??= this.#open(this.#sink());
    const item = this.#buffer.shift();
    if (item !== undefined) {
      this.#buffered -= item.size;
      if (this.#paused && !this.#ended && this.#buffered <= this.#limit / 2) {
        this.#paused = false;
        this.#source?.resume();
      }
      return Promise.resolve({ done: false, value: item.value });
    }
    if (!this.#ended) {
      return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }
    const error = this.#error;
    this.#error = undefined;
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#ended = true;
    this.#error = undefined;
    this.#buffer.length = 0;
    this.#source?.close();
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
    return Promise.resolve(DONE);
  }

  #sink(): Sink<T> {
    return {
      next: (value, size) => {
        if (this.#ended) return;
        const waiter = this.#waiters.shift();
        if (waiter !== undefined) {
          waiter.resolve({ done: false, value });
          return;
        }
        this.#buffer.push({ value, size });
        this.#buffered += size;
        if (this.#buffered <= this.#limit || this.#paused) return;
        this.#paused = true;
        this.#source?.pause();
      },
      error: (error) => this.#end(error),
      complete: () => this.#end(undefined),
    };
  }

  #end(error: ClientError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    const [first, ...others] = this.#waiters.splice(0);
    if (error === undefined) first?.resolve(DONE);
    else if (first === undefined) this.#error = error;
    else first.reject(error);
    for (const waiter of others) waiter.resolve(DONE);
  }
}
