import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Picture, systemClock } from '@se5/core';
import { RetentionClock } from '../../storage/retention-clock.ts';
import { Thread } from '../../thread/thread.ts';
import type { HeldTarget } from '../erasable-in.ts';
import { type KeySecret, newKeySecret } from '../image-keys.ts';
import type { ImageKey, PictureOrigin } from '../image-store.ts';
import { ImageStoreError, type ImageStoreErrorCode } from '../image-store-error.ts';
import type { HeldPicture } from '../picture-window.ts';
import type { FolderMethods } from './folder-thread.ts';
import type { FolderFigures, FolderOptions } from './picture-folder.ts';
import { WriteQueue } from './write-queue.ts';

/** Who is told how the folder stands; synchronous, must not throw. */
export interface FolderObserver {
  /** Pictures wait in memory, and are lost when there are too many: told after each attempt. */
  unavailable(error: ImageStoreError): void;
  /** The folder is written again. */
  available(): void;
  /** Other users could read these files and folders until now. */
  exposed(paths: readonly string[]): void;
  /** The wall clock is ahead by so many ms: nothing is deleted by age until that has lasted. */
  clockDistrusted(aheadMs: number): void;
}

export interface FolderWriterOptions extends FolderOptions {
  readonly observer: FolderObserver;
  /** Default: the system's. */
  readonly clock?: Clock;
  /**
   * So long a picture waits for others before it is written, in ms: they share the work of a
   * transaction, and the thread is awake when those who watch have got their events. Not while
   * somebody waits for it to be written. Default 50.
   */
  readonly gatherMs?: number;
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
  #retentionClock: RetentionClock | undefined;
  #failure: ImageStoreError | undefined;
  #figures: FolderFigures = { pictures: 0, bytes: 0 };
  /** Ends the wait for others to write with. */
  #hurry = new AbortController();
  /** What is waited for: others to write with, or an attempt to write. Never rejects. */
  #step: Promise<void> | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: FolderWriterOptions) {
    this.#options = options;
    this.#queue = new WriteQueue(options.maxWaitingBytes, options.limits.shares);
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

  /** Nothing is written until the folder has been opened anew. */
  get isFailing(): boolean {
    return this.#failure !== undefined;
  }

  /** The time by which pictures are too old; ms since the Unix epoch. 0 before the folder was open. */
  get retentionTime(): number {
    return this.#retentionClock?.now() ?? 0;
  }

  /** As far as the thread has told. */
  get figures(): FolderFigures {
    return this.#figures;
  }

  /** @returns the keys of what is not written because too many wait; see `WriteQueue.add`. */
  add(key: ImageKey, picture: Picture, of: PictureOrigin): readonly string[] {
    const lost = this.#queue.add(key, picture, of);
    if (this.#queue.size > 0) this.#writing ??= this.#write();
    return lost;
  }

  waiting(key: string): HeldPicture | undefined {
    return this.#queue.get(key);
  }

  /** The keys of what waits and is to be erased. */
  erasable(target: HeldTarget): readonly string[] {
    return this.#queue.erasable(target);
  }

  /** How many wait; once this is disposed of, they are lost. */
  get unwritten(): number {
    return this.#queue.size;
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
    this.#hurry.abort();
    while (!this.#failure && isWaiting()) await this.#step;
    if (this.#failure) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#hurry.abort();
    // What still waits is written, unless the disk fails.
    await this.#writing;
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    await Promise.allSettled([this.#thread?.call('close')]);
    await this.#thread?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<void> {
    const { path, keys, limits, keysKeepMs, observer, clock = systemClock } = this.#options;
    await this.#letGo();
    this.#thread = openThread({
      path,
      keys,
      limits,
      ...(keysKeepMs !== undefined && { keysKeepMs }),
    });
    const isDamaged = this.#failure?.code === 'DAMAGED';
    const opened = await this.#thread.call('open', isDamaged);
    this.#secret = opened.secret;
    this.#figures = opened.figures;
    if (opened.exposed.length > 0) observer.exposed(opened.exposed);
    this.#retentionClock ??= new RetentionClock(clock, opened.newestAt, (aheadMs) =>
      observer.clockDistrusted(aheadMs),
    );
  }

  /** Writes what waits, until nothing does; once it is stopped, until that fails. Never rejects. */
  async #write(): Promise<void> {
    const { gatherMs = 50 } = this.#options;
    this.#hurry = new AbortController();
    const { signal } = this.#hurry;
    this.#step = pause(gatherMs, undefined, { signal }).catch(() => undefined);
    await this.#step;
    while (this.#failure || this.#queue.size > 0) {
      if (this.#failure && !(await this.#mayRetry())) break;
      this.#step = this.#attempt();
      await this.#step;
    }
    this.#writing = undefined;
  }

  /** Settles when it is time to; false when this is stopped. */
  #mayRetry(): Promise<boolean> {
    const { retryMs = 5_000 } = this.#options;
    const { signal } = this.#stop;
    return pause(retryMs, true, { signal, ref: false }).catch(() => false);
  }

  /** Never rejects. */
  async #attempt(): Promise<void> {
    try {
      if (this.#failure) await this.#start();
      await this.#writeBatch();
      if (this.#failure) this.#options.observer.available();
      this.#failure = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }

  async #writeBatch(): Promise<void> {
    const { entries, bytes } = this.#queue.batch();
    if (entries.length === 0) return;
    this.#figures = await this.thread.call('write', entries, bytes);
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
