import { extname } from 'node:path';
import { Thread } from '../../thread/thread.ts';
import { KeyFileError, type KeyFileErrorCode } from '../key-file-error.ts';
import type { Erasure, FileIdentity, KeyId, SharedKey } from './key-messages.ts';
import type { FileChange } from './key-mirror.ts';
import type { KeyMirrorMethods } from './key-mirror-thread.ts';
import { KnownKeys } from './known-keys.ts';

/** The key file of this gateway: a thread changes it, and `known` says what is in it. */
export class LocalKeys implements AsyncDisposable {
  readonly known = new KnownKeys();
  readonly #thread: Thread<KeyMirrorMethods>;
  #file: FileIdentity;

  private constructor(thread: Thread<KeyMirrorMethods>, file: FileIdentity) {
    this.#thread = thread;
    this.#file = file;
  }

  /**
   * Creates the file when it is missing.
   *
   * @param keepMs How long messages of erasures are kept, in ms.
   * @throws {KeyFileError}
   */
  static async open(path: string, keepMs: number): Promise<LocalKeys> {
    await using stack = new AsyncDisposableStack();
    const thread = stack.use(openThread(path));
    const { file, keys, forgotten } = await thread.call('content');
    await thread.call('clean');
    await thread.call('collectFollowed', keepMs);
    const local = new LocalKeys(thread, file);
    for (const key of keys) local.known.add(key);
    for (const id of forgotten) local.known.forget(id);
    stack.move();
    return local;
  }

  get file(): FileIdentity {
    return this.#file;
  }

  /** Notes the stream that shares the file, whose id and secret a new file takes. @throws {KeyFileError} OTHER_KEYS. */
  async share(stream: string, file: FileIdentity): Promise<void> {
    await this.#thread.call('share', stream, file);
    this.#file = file;
  }

  /** The keys with these ids, as far as the file has them. */
  keys(ids: readonly KeyId[]): Promise<SharedKey[]> {
    return this.#thread.call('keys', ids);
  }

  /**
   * Resolves to the erasures that are not `followed` yet, once the change is on disk.
   *
   * @param change Keys that are not known yet, and none that are forgotten.
   */
  async apply(change: FileChange): Promise<readonly Erasure[]> {
    const { keys, forgotten, erasures } = change;
    if (keys.length + forgotten.length + erasures.length === 0) return [];
    // From here on nobody may count on them.
    const removed = forgotten.map((id) => this.known.remove(id));
    try {
      const fresh = await this.#thread.call('apply', change);
      for (const id of forgotten) this.known.forget(id);
      for (const key of keys) this.known.add(key, key.usedOn);
      return fresh;
    } catch (error) {
      for (const key of removed) if (key) this.known.add(key, key.usedOn);
      throw error;
    }
  }

  /** Notes that the stores of this gateway have followed the erasures. */
  followed(erasures: readonly Erasure[]): Promise<void> {
    return this.#thread.call('followed', erasures);
  }

  /** Completes an interrupted erasure: no byte of a forgotten key is left in the file. */
  clean(): Promise<void> {
    return this.#thread.call('clean');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#thread.call('close');
    } finally {
      await this.#thread[Symbol.asyncDispose]();
    }
  }
}

function openThread(path: string): Thread<KeyMirrorMethods> {
  const module = new URL(`./key-mirror-thread${extname(import.meta.url)}`, import.meta.url);
  return new Thread(module, { path }, (failure, cause) =>
    failure
      ? new KeyFileError(failure.code as KeyFileErrorCode, failure.message)
      : new KeyFileError('UNAVAILABLE', `the thread of the key file ${path} has ended`, { cause }),
  );
}
