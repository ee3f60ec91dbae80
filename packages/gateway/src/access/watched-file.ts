import { type FSWatcher, watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too large'; readonly maxBytes: number }
  | { readonly kind: 'unreadable'; readonly error: unknown };

export interface WatchedFileOptions {
  readonly maxBytes: number;
  /** Told of what the file holds: when it is opened, and whenever that is something else. */
  readonly changed: (content: FileContent) => void;
  /** How often the file is looked at, whatever the system says of it, in ms. Default 1,000. */
  readonly pollMs?: number;
}

const POLL_MS = 1_000;

/**
 * A small text file that is read again when it changes, also when another file takes its place.
 * The system tells of changes at once where it can; a poll finds those that it does not tell of,
 * on a network's file system say.
 */
export class WatchedFile implements Disposable {
  readonly #path: string;
  readonly #options: WatchedFileOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  /** Of the content that was told last; undefined before the first. */
  #told: string | undefined;
  #state: string | undefined;
  #reading: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;

  private constructor(path: string, options: WatchedFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#watcher = this.#watch();
    this.#timer = setInterval(() => void this.#poll(), options.pollMs ?? POLL_MS).unref();
  }

  /** Resolves when `changed` has been told for the first time. */
  static async open(path: string, options: WatchedFileOptions): Promise<WatchedFile> {
    const file = new WatchedFile(path, options);
    await file.#read();
    return file;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  /** The folder, since the file may be replaced. */
  #watch(): FSWatcher | undefined {
    try {
      const name = basename(this.#path);
      const watcher = watch(dirname(this.#path), { persistent: false }, (_, changed) => {
        if (changed === null || changed === name) void this.#read();
      });
      // The poll goes on.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      // There is no such folder yet, or the system watches nothing more.
      return undefined;
    }
  }

  async #poll(): Promise<void> {
    if ((await stateOf(this.#path)) !== this.#state) await this.#read();
  }

  /** One read at a time; a change during a read makes another one follow. */
  #read(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readWhileStale().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readWhileStale(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#state = await stateOf(this.#path);
      const content = await readContent(this.#path, this.#options.maxBytes);
      if (this.#isClosed) return;
      const key = keyOf(content);
      if (key === this.#told) continue;
      this.#told = key;
      this.#options.changed(content);
    }
  }
}

/** Another one for a file that has changed, as far as the system tells. */
async function stateOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return codeOf(error);
  }
}

async function readContent(path: string, maxBytes: number): Promise<FileContent> {
  try {
    await using file = await open(path);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (length > maxBytes) return { kind: 'too large', maxBytes };
      if (bytesRead === 0) return { kind: 'text', text: buffer.toString('utf8', 0, length) };
    }
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', error };
  }
}

const keyOf = (content: FileContent): string => {
  if (content.kind === 'text') return `text ${content.text}`;
  return content.kind === 'unreadable' ? `unreadable ${codeOf(content.error)}` : content.kind;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
