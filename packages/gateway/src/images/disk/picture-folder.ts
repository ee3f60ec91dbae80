import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeToOthers } from '../../storage/private-file.ts';
import type { Shares } from '../../storage/shares.ts';
import { type Named, PictureIndex, type Removed } from './picture-index.ts';

/** Digits of a hash that name the folder it is in: 256 folders. */
const SHARD_DIGITS = 2;
const SHARD = /^[0-9a-f]{2}$/;

/** Where the index of a folder is. */
export const indexPathOf = (folder: string): string => join(folder, 'index.db');

/**
 * Files that can't be removed and are passed by, so that they hold up no others; where there are
 * more, it is the disk that fails.
 */
const MAX_STUCK = 100;

export interface NamedPicture {
  readonly key: string;
  /** Whose share of the folder it takes. */
  readonly owner: string;
  /** When it was put, ms since the Unix epoch. */
  readonly at: number;
  readonly bytes: Buffer;
}

export interface FolderLimits {
  readonly keepMs: number;
  readonly maxBytes: number;
  /** Of the room that is full. */
  readonly shares?: Shares;
}

export interface FolderFigures {
  readonly pictures: number;
  readonly bytes: number;
}

/** The keys that are gone, and how many pictures; whether another step may find more. */
export interface Cleaned {
  readonly keys: readonly string[];
  readonly pictures: number;
  readonly isMore: boolean;
}

/**
 * Pictures as files, each once, under the hash of its content, and an index that says by which
 * keys they are asked for.
 *
 * A file is there whole before the index knows of it, and gone before the index forgets it. So
 * whenever the process dies, what can be wrong is a file that nobody knows, which `sweep` removes,
 * and a name whose file is gone, which is as good as none; but no file stays that was to go. What
 * a power cut did to a file shows when it is read: its hash is not its name.
 */
export class PictureFolder implements Disposable {
  readonly #path: string;
  readonly #drafts: string;
  readonly #limits: FolderLimits;
  readonly #index: PictureIndex;
  /** The hashes of files that could not be removed. */
  readonly #stuck = new Set<string>();
  #written = 0;

  /** @throws {ImageStoreError} NEWER_VERSION, with nothing changed; else what SQLite or the system says. */
  constructor(path: string, limits: FolderLimits, isDamaged: boolean) {
    this.#path = path;
    this.#drafts = join(path, 'tmp');
    this.#limits = limits;
    using stack = new DisposableStack();
    this.#index = stack.use(
      new PictureIndex(indexPathOf(path), isDamaged, {
        removeFiles: (hashes) => this.#removeFiles(hashes),
        ...(limits.shares && { shares: limits.shares }),
      }),
    );
    // What a crash has left: nobody else writes here.
    rmSync(this.#drafts, { recursive: true, force: true });
    mkdirSync(this.#drafts, { recursive: true, mode: 0o700 });
    stack.move();
  }

  get figures(): FolderFigures {
    return { pictures: this.#index.pictures, bytes: this.#index.bytes };
  }

  /** When the newest picture was put, ms since the Unix epoch; undefined when there is none. */
  get newestAt(): number | undefined {
    return this.#index.newestAt;
  }

  write(pictures: readonly NamedPicture[]): void {
    const entries = pictures.map(({ key, owner, at, bytes }) => ({
      key,
      owner,
      at,
      hash: this.#file(bytes),
      bytes: bytes.length,
    }));
    this.#index.put(entries);
  }

  read(key: string, now: number): (Named & { readonly bytes: Buffer }) | undefined {
    const named = this.#find(key, now);
    if (!named) return undefined;
    try {
      const bytes = readFileSync(this.#pathOf(named.hash));
      if (hashOf(bytes) === named.hash) return { ...named, bytes };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // It is not what was written.
    this.remove([key], true);
    return undefined;
  }

  has(key: string, now: number): boolean {
    const named = this.#find(key, now);
    return named !== undefined && existsSync(this.#pathOf(named.hash));
  }

  /** @returns the keys that are gone, and how many pictures. */
  remove(keys: readonly string[], shared: boolean): { keys: readonly string[]; pictures: number } {
    const removed = this.#index.remove(keys, shared);
    return { keys: removed.keys, pictures: removed.hashes.length };
  }

  /**
   * Removes some of the oldest beyond the limits. Throws once only those are left that can't be removed.
   *
   * @param now Wall time: a picture that claims to be newer is taken to be of now.
   * @param retentionTime The time by which pictures are too old.
   */
  clean(now: number, retentionTime: number): Cleaned {
    this.#index.believeUntil(now);
    return this.#removeOldest(retentionTime - this.#limits.keepMs, this.#limits.maxBytes);
  }

  /** Removes some of what was put before the time. Throws as `clean` does. */
  removeBefore(time: number): Cleaned {
    return this.#removeOldest(time - 1, Infinity);
  }

  /** The folders of the files. */
  shards(): readonly string[] {
    return readdirSync(this.#path, { withFileTypes: true })
      .filter((each) => each.isDirectory() && SHARD.test(each.name))
      .map(({ name }) => name);
  }

  /** Removes the files of a shard that the index does not know, and closes the others to other users. */
  sweep(shard: string): void {
    closeToOthers([join(this.#path, shard)]);
    for (const name of readdirSync(join(this.#path, shard))) {
      const file = join(this.#path, shard, name);
      if (this.#index.has(name)) closeToOthers([file]);
      else rmSync(file, { force: true });
    }
  }

  [Symbol.dispose](): void {
    this.#index[Symbol.dispose]();
  }

  #removeOldest(until: number, maxBytes: number): Cleaned {
    const passed = [...this.#stuck];
    try {
      const removed = this.#index.removeOldest(until, maxBytes, passed);
      if (removed.keys.length > 0 || passed.length === 0) return toCleaned(removed);
    } catch (error) {
      if (this.#stuck.size > passed.length && this.#stuck.size <= MAX_STUCK) {
        return { keys: [], pictures: 0, isMore: true };
      }
      this.#stuck.clear();
      throw error;
    }
    // Nothing else is to go: those again.
    this.#stuck.clear();
    return toCleaned(this.#index.removeOldest(until, maxBytes, []));
  }

  /** As many as can be removed. Throws what stops the first of the others. */
  #removeFiles(hashes: readonly string[]): void {
    const failures: unknown[] = [];
    for (const hash of hashes) {
      try {
        rmSync(this.#pathOf(hash), { force: true });
      } catch (error) {
        this.#stuck.add(hash);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  #find(key: string, now: number): Named | undefined {
    const named = this.#index.find(key);
    return named && named.at + this.#limits.keepMs > now ? named : undefined;
  }

  /** Makes the file unless it is there, and returns its hash. */
  #file(bytes: Buffer): string {
    const name = hashOf(bytes);
    const path = this.#pathOf(name);
    if (existsSync(path) && this.#index.has(name)) return name;
    const draft = join(this.#drafts, String(this.#written++));
    writeFileSync(draft, bytes, { mode: 0o600 });
    try {
      renameSync(draft, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(join(this.#path, name.slice(0, SHARD_DIGITS)), { mode: 0o700 });
      renameSync(draft, path);
    }
    return name;
  }

  #pathOf(name: string): string {
    return join(this.#path, name.slice(0, SHARD_DIGITS), name);
  }
}

const toCleaned = ({ keys, hashes }: Removed): Cleaned => ({
  keys,
  pictures: hashes.length,
  isMore: keys.length > 0,
});

const hashOf = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
