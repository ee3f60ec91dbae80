import { extname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Picture } from '@se5/core';
import { Thread } from '../../thread/thread.ts';
import { type KeySecret, newKeySecret } from '../image-keys.ts';
import type { ImageKey } from '../image-store.ts';
import { ImageStoreError, type ImageStoreErrorCode } from '../image-store-error.ts';
import type { HeldPicture } from '../picture-window.ts';
import type { FolderMethods, FolderOptions } from './folder-thread.ts';
import type { FolderFigures } from './picture-folder.ts';
import { WriteQueue } from './write-queue.ts';

/**
 * So long a picture waits for others before it is written, in ms: they share the work of a
 * transaction, and the thread is awake when those who watch have got their events.
 */
const GATHER_MS = 50;

/** Who is told how the folder stands; synchronous, must not throw. */
export interface FolderObserver {
  /** Pictures wait in memory, and are lost when there are too many: told after each attempt. */
  unavailable(error: ImageStoreError): void;
  /** The folder is written again. */
  available(): void;
}

export interface FolderWriterOptions extends FolderOptions {
  readonly observer: FolderObserver;
  /** Between two attempts to write after one that failed, in ms. Default 5,000. */
  readonly retryMs?: number;
  /** Base64 that may wait to be written, in bytes. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
}

/**
 * The folder's thread, and what waits to be written by it: a batch at a time, so that whoever
 * reads has a turn between two. After a failure the folder is opened anew, until it works.
 */
export class FolderWriter implements AsyncDisposable {
  readonly #options: FolderWriterOptions;
  readonly #queue: WriteQueue;
  readonly #stop = new AbortController();
  #secret = newKeySecret();
  #thread: Thread<FolderMethods> | undefined;
  #failure: ImageStoreError | undefined;
  #figures: FolderFigures = { pictures: 0, bytes: 0 };
  /** What is waited for: others to write with, or the batch that is being written. */
  #step: Promise<unknown> | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: FolderWriterOptions) {
    this.#options = options;
    this.#queue = new WriteQueue(options.maxWaitingBytes);
  }

  /**
   * Settles after the first attempt. One that fails is told of, and repeated.
   *
   * @throws {ImageStoreError} that is final: somebody has to see to the folder or the configuration.
   */
  async open(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      if (error instanceof ImageStoreError && error.isFinal) {
        await this.#letGo();
        throw error;
      }
      this.#fail(error);
      this.#writing = this.#write();
    }
  }

  /** The folder's, from when it was first opened. */
  get secret(): KeySecret {
    return this.#secret;
  }

  /** As far as the thread has told. */
  get figures(): FolderFigures {
    return this.#figures;
  }

  /** @returns false when too many wait, and the picture was not taken. */
  add(key: ImageKey, picture: Picture): boolean {
    const isTaken = this.#queue.add(key, picture);
    if (isTaken) this.#writing ??= this.#write();
    return isTaken;
  }

  waiting(key: string): HeldPicture | undefined {
    return this.#queue.get(key);
  }

  /** It is not written any more, unless it is being written. */
  drop(key: string): void {
    this.#queue.delete(key);
  }

  /** What answers calls. @throws {ImageStoreError} when nothing does. */
  get thread(): Thread<FolderMethods> {
    if (this.#thread) return this.#thread;
    throw this.#failure ?? new ImageStoreError('UNAVAILABLE', 'the pictures’ folder is not open');
  }

  /** What a call of somebody else has told. */
  told(figures: FolderFigures): void {
    this.#figures = figures;
  }

  /** What waits now has been written. @throws {ImageStoreError} when it can't be. */
  async drained(): Promise<void> {
    const isWaiting = this.#queue.watch();
    while (!this.#failure && isWaiting()) {
      await Promise.allSettled([this.#step]);
      // What was written is taken from the queue after that.
      await nextTurn();
    }
    if (this.#failure) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#writing;
    // What still waits is written, unless the disk has failed already.
    if (!this.#failure) await this.#write();
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    await Promise.allSettled([this.#thread?.call('close')]);
    await this.#thread?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<void> {
    const { path, limits } = this.#options;
    await this.#letGo();
    this.#thread = openThread({ path, limits });
    const isDamaged = this.#failure?.code === 'DAMAGED';
    const { secret, figures } = await this.#thread.call('open', this.#secret, isDamaged);
    this.#secret = secret;
    this.#figures = figures;
  }

  /** Writes what waits, until nothing does. Never rejects. */
  async #write(): Promise<void> {
    const { observer, retryMs = 5_000 } = this.#options;
    const { signal } = this.#stop;
    this.#step = pause(GATHER_MS, undefined, { signal }).catch(() => undefined);
    await this.#step;
    while (this.#failure || this.#queue.size > 0) {
      try {
        if (this.#failure) {
          await pause(retryMs, undefined, { signal, ref: false });
          await this.#start();
        }
        await this.#writeBatch();
        if (this.#failure) observer.available();
        this.#failure = undefined;
      } catch (error) {
        if (signal.aborted) break;
        this.#fail(error);
      }
    }
    this.#writing = undefined;
  }

  async #writeBatch(): Promise<void> {
    const { entries, bytes } = this.#queue.batch();
    if (entries.length === 0) return;
    const writing = this.thread.call('write', entries, bytes);
    this.#step = writing;
    this.#figures = await writing;
    this.#queue.done(entries);
  }

  #fail(error: unknown): void {
    this.#failure =
      error instanceof ImageStoreError
        ? error
        : new ImageStoreError('UNAVAILABLE', 'the pictures’ folder failed', { cause: error });
    this.#options.observer.unavailable(this.#failure);
  }
}

function openThread(options: FolderOptions): Thread<FolderMethods> {
  const module = new URL(`./folder-thread${extname(import.meta.url)}`, import.meta.url);
  return new Thread(module, options, (failure, cause) =>
    failure
      ? new ImageStoreError(failure.code as ImageStoreErrorCode, failure.message)
      : new ImageStoreError(
          'UNAVAILABLE',
          `the thread of the pictures' folder ${options.path} has ended`,
          { cause },
        ),
  );
}
