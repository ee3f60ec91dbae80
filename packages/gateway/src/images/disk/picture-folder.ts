import { join } from 'node:path';
import { openBoundKeyring } from '../../privacy/bound-keyring.ts';
import type { UncoveredRows } from '../../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import { dayOf } from '../../privacy/key-file.ts';
import type { Keyring, Subject } from '../../privacy/keyring.ts';
import { opened } from '../../privacy/sealing.ts';
import type { Shares } from '../../storage/shares.ts';
import type { KeySecret } from '../image-keys.ts';
import { PictureFiles } from './picture-files.ts';
import { type Named, PictureIndex, type Removed } from './picture-index.ts';
import { contentHashOf, sealable } from './sealed-picture.ts';

/** Where the index of a folder is. */
export const indexPathOf = (folder: string): string => join(folder, 'index.db');

/**
 * Files that can't be removed and are passed by, so that they hold up no others; where there are
 * more, it is the disk that fails.
 */
const MAX_STUCK = 100;

/** How often it is looked for keys that nothing needs any more. */
const COLLECT_INTERVAL_MS = 3_600_000;

export interface FolderOptions {
  readonly path: string;
  /** The path of the key file. */
  readonly keys: string;
  readonly limits: FolderLimits;
  /**
   * Keys that sealed nothing for so long are let go of, in ms: whatever they had sealed is too old
   * by then, in the journal too. Default: this folder's thread lets go of none.
   */
  readonly keysKeepMs?: number;
}

export interface FolderLimits {
  readonly keepMs: number;
  readonly maxBytes: number;
  /** Of the room that is full. */
  readonly shares?: Shares;
}

export interface NewPicture {
  readonly key: string;
  /** Whose share of the folder it takes. */
  readonly owner: string;
  readonly subject: Subject;
  /** When it was put, ms since the Unix epoch. */
  readonly at: number;
  readonly bytes: Buffer;
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
 * Pictures as sealed files, each once for a person and a day, and an index that says by which keys
 * they are asked for.
 *
 * A file is there whole before the index knows of it, and gone before the index forgets it. So
 * whenever the process dies, what can be wrong is a file that nobody knows, which `sweep` removes,
 * and a name whose file is gone, which is as good as none; but no file stays that was to go. What
 * a power cut did to a file shows when it is read: it can't be opened.
 */
export class PictureFolder implements Disposable {
  readonly #options: FolderOptions;
  readonly #index: PictureIndex;
  readonly #keyring: Keyring;
  readonly #files: PictureFiles;
  #collectedAt = -Infinity;

  /**
   * @param isDamaged Its index is of no use, and a new one is begun.
   * @throws {ImageStoreError} NEWER_VERSION, with nothing changed. {@link KeyFileError} Else what
   *   SQLite or the system says.
   */
  constructor(options: FolderOptions, isDamaged: boolean) {
    const { path, keys, limits } = options;
    this.#options = options;
    using stack = new DisposableStack();
    this.#index = stack.use(
      new PictureIndex(indexPathOf(path), isDamaged, {
        removeFiles: (hashes) => this.#files.remove(hashes),
        ...(limits.shares && { shares: limits.shares }),
      }),
    );
    const bound = this.#index.keyFile;
    const place = { kind: 'the pictures’ folder', path };
    this.#keyring = stack.use(openBoundKeyring(keys, bound, place));
    if (bound === undefined) this.#index.bindTo(this.#keyring.file.id);
    this.#files = new PictureFiles(path);
    stack.move();
  }

  get figures(): FolderFigures {
    return { pictures: this.#index.pictures, bytes: this.#index.bytes };
  }

  /**
   * What keys are made with. It is the key file's, so that a copy of the folder does not tell by
   * its keys which events its pictures were of.
   */
  get secret(): KeySecret {
    return this.#keyring.file.secretFor('pictures');
  }

  /** When the newest picture was put, ms since the Unix epoch; undefined when there is none. */
  get newestAt(): number | undefined {
    return this.#index.newestAt;
  }

  /** Whether there are pictures that an older gateway wrote in clear. */
  get hasClear(): boolean {
    return this.#index.hasClear;
  }

  write(pictures: readonly NewPicture[]): void {
    // A key is on the disk before what it has sealed.
    this.#keyring.refresh();
    this.#keyring.prepare(pictures.map(({ subject }) => subject));
    const entries = pictures.map(({ key, owner, subject, at, bytes }) => {
      const { name, seal, sealed } = sealable(bytes, subject, this.#keyring);
      if (!this.#files.has(name) || !this.#index.has(name)) this.#files.write(name, sealed());
      const since = Math.min(at, subject.occurredAt, subject.receivedAt);
      return { key, owner, at, since, hash: name, bytes: bytes.length, seal };
    });
    this.#index.put(entries);
  }

  read(key: string, now: number): { readonly bytes: Buffer; readonly at: number } | undefined {
    this.#keyring.refresh();
    const named = this.#find(key, now);
    // Without its key it is as good as gone; who follows the key file removes it.
    if (!named || !this.#isReadable(named)) return undefined;
    const bytes = this.#bytesOf(named);
    if (bytes) return { bytes, at: named.at };
    // It is not what was written.
    this.#index.removePicture(named.hash);
    return undefined;
  }

  /** Of these keys, those under which there is a picture. */
  among(keys: readonly string[], now: number): readonly string[] {
    this.#keyring.refresh();
    return keys.filter((key) => {
      const named = this.#find(key, now);
      return named && this.#isReadable(named) && this.#files.has(named.hash);
    });
  }

  /** Removes the pictures of these keys, and those of the same day that show the same. */
  remove(keys: readonly string[]): Cleaned {
    return { ...toCleaned(this.#index.removeShown(keys)), isMore: false };
  }

  /**
   * Removes some of the oldest beyond the limits. Throws once only those are left that can't be removed.
   *
   * @param now Wall time: a picture that claims to be newer is taken to be of now.
   * @param retentionTime The time by which pictures are too old.
   */
  clean(now: number, retentionTime: number): Cleaned {
    const { keepMs, maxBytes } = this.#options.limits;
    this.#collectKeys(retentionTime);
    this.#index.believeUntil(now);
    return this.#step((passed) =>
      this.#index.removeOldest(retentionTime - keepMs, maxBytes, passed),
    );
  }

  /** Forgets the keys; `removeErased` removes what they have sealed. @throws {KeyFileError} */
  forget(target: ErasureTarget, now: number): void {
    const { kind } = target;
    this.#keyring.forget(
      kind === 'before' ? { before: dayOf(target.time) } : { identityId: target.identityId },
      dayOf(now),
    );
  }

  /** Removes some of what is erased, also of what no key covers. Throws as `clean` does. */
  removeErased(erased: ErasureTarget | UncoveredRows): Cleaned {
    const forgotten = this.removeForgotten();
    if (forgotten.isMore) return forgotten;
    return this.#step((passed) => {
      if (erased.kind === 'before') return this.#index.removeBefore(erased.time, passed);
      const tags = [
        erased.kind === 'stranger'
          ? erased.stranger
          : this.#keyring.strangerTagOf(erased.identityId),
      ];
      return this.#index.removeSealed({ tags, days: [] }, passed);
    });
  }

  /** Removes some of what was sealed by keys that any thread has forgotten. Throws as `clean` does. */
  removeForgotten(): Cleaned {
    const forgotten = this.#keyring.file.forgottenBehind(this.#index.forgotten);
    const last = forgotten.at(-1);
    if (!last) return { keys: [], pictures: 0, isMore: false };
    const tags = forgotten.flatMap(({ key }) => ('person' in key ? [key.person] : []));
    const days = forgotten.flatMap(({ key }) => ('day' in key ? [key.day] : []));
    const removed = this.#step((passed) => this.#index.removeSealed({ tags, days }, passed));
    if (!removed.isMore) this.#index.followedTo(last.id);
    return removed;
  }

  /** The folders of the files. */
  shards(): readonly string[] {
    return this.#files.shards();
  }

  /** Removes the files of a shard that the index does not know, and closes the others to other users. */
  sweep(shard: string): void {
    this.#files.sweep(shard, (name) => this.#index.has(name));
  }

  [Symbol.dispose](): void {
    this.#keyring[Symbol.dispose]();
    this.#index[Symbol.dispose]();
  }

  #find(key: string, now: number): Named | undefined {
    const named = this.#index.find(key);
    return named && named.at + this.#options.limits.keepMs > now ? named : undefined;
  }

  #isReadable({ sealedBy }: Named): boolean {
    return sealedBy === undefined || this.#keyring.openingKey(sealedBy) !== undefined;
  }

  #bytesOf({ hash, sealedBy }: Named): Buffer | undefined {
    const stored = this.#files.read(hash);
    if (!stored) return undefined;
    if (!sealedBy) return contentHashOf(stored) === hash ? stored : undefined;
    const key = this.#keyring.openingKey(sealedBy);
    return key && opened(key, stored);
  }

  /** @param remove Is told the hashes of files that it is to pass by. */
  #step(remove: (passed: readonly string[]) => Removed): Cleaned {
    const { stuck } = this.#files;
    const passed = [...stuck];
    try {
      const removed = remove(passed);
      if (removed.keys.length > 0 || passed.length === 0) return toCleaned(removed);
    } catch (error) {
      if (stuck.size > passed.length && stuck.size <= MAX_STUCK) {
        return { keys: [], pictures: 0, isMore: true };
      }
      stuck.clear();
      throw error;
    }
    // Nothing else is to go: those again.
    stuck.clear();
    return toCleaned(remove([]));
  }

  #collectKeys(now: number): void {
    const { keysKeepMs } = this.#options;
    if (keysKeepMs === undefined || now - this.#collectedAt < COLLECT_INTERVAL_MS) return;
    this.#collectedAt = now;
    this.#keyring.collect(dayOf(now - keysKeepMs));
  }
}

const toCleaned = ({ keys, hashes }: Removed): Cleaned => ({
  keys,
  pictures: hashes.length,
  isMore: keys.length > 0,
});
