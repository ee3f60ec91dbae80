import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import type { UncoveredRows } from '../../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import type { Subject } from '../../privacy/keyring.ts';
import { closeToOthers } from '../../storage/private-file.ts';
import { serve } from '../../thread/serve.ts';
import type { KeySecret } from '../image-keys.ts';
import { lockFolder, lockPathOf } from './folder-lock.ts';
import {
  type Cleaned,
  type FolderFigures,
  type FolderOptions,
  indexPathOf,
  PictureFolder,
} from './picture-folder.ts';
import { toImageStoreError } from './to-image-store-error.ts';

/** A picture of a batch: its base64 are the next `length` bytes. */
export interface BatchEntry {
  readonly key: string;
  readonly owner: string;
  readonly subject: Subject;
  readonly at: number;
  readonly length: number;
}

/** What a step of removing has left. */
export type Step = Cleaned & { readonly figures: FolderFigures };

const options = workerData as FolderOptions;
const { path, keys } = options;

/** What a folder says of itself when it has been opened. */
export interface FolderState {
  readonly secret: KeySecret;
  /** What other users could read until now. */
  readonly exposed: readonly string[];
  /** When the newest picture was put, ms since the Unix epoch; undefined when there is none. */
  readonly newestAt: number | undefined;
  readonly figures: FolderFigures;
}

interface OpenFolder extends Disposable {
  readonly folder: PictureFolder;
  /** Settles when nothing is there any more that the index does not know. */
  swept: Promise<void>;
}

let opened: OpenFolder | undefined;

function current(): OpenFolder {
  if (!opened) throw new Error('the folder is not open');
  return opened;
}

const folder = (): PictureFolder => current().folder;

/** While others have their turns. */
async function sweep(swept: PictureFolder): Promise<void> {
  for (const shard of swept.shards()) {
    await nextTurn();
    if (opened?.folder !== swept) throw new Error('the folder was closed');
    swept.sweep(shard);
  }
}

const stepOf = (cleaned: Cleaned): Step => ({ ...cleaned, figures: folder().figures });

const indexFilesOf = (folder: string): readonly string[] =>
  ['', '-wal', '-shm'].map((part) => indexPathOf(folder) + part);

const methods = {
  open(isDamaged: boolean): FolderState {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    using stack = new DisposableStack();
    stack.use(lockFolder(path));
    const exposed = closeToOthers([path, lockPathOf(path), ...indexFilesOf(path), keys]);
    const folder = stack.use(new PictureFolder(options, isDamaged));
    // Of an older gateway: with it the keys of pictures could be guessed.
    rmSync(join(path, 'secret'), { force: true });
    const swept = sweep(folder);
    // Who has to know asks for it, and has it done again.
    swept.catch(() => {});
    const parts = stack.move();
    opened = { folder, swept, [Symbol.dispose]: () => parts.dispose() };
    return {
      secret: folder.secret,
      exposed,
      newestAt: folder.newestAt,
      figures: folder.figures,
    };
  },
  /** Settles when the folder holds no picture that the index does not know. */
  swept(): Promise<void> {
    const open = current();
    open.swept = open.swept.catch(() => sweep(open.folder));
    return open.swept;
  },
  write(entries: readonly BatchEntry[], batch: SharedArrayBuffer): FolderFigures {
    const text = Buffer.from(batch);
    let end = 0;
    const pictures = entries.map(({ length, ...entry }) => {
      const base64 = text.toString('latin1', end, end + length);
      end += length;
      return { ...entry, bytes: Buffer.from(base64, 'base64') };
    });
    folder().write(pictures);
    return folder().figures;
  },
  /** The picture's base64, and when it was put. */
  read(key: string): { readonly base64: Uint8Array; readonly at: number } | undefined {
    const read = folder().read(key, Date.now());
    return read && { base64: Buffer.from(read.bytes.toString('base64'), 'latin1'), at: read.at };
  },
  /** Of these keys, those under which there is a picture. */
  find: (keys: readonly string[]): readonly string[] => folder().among(keys, Date.now()),
  remove: (keys: readonly string[]): Step => stepOf(folder().remove(keys)),
  /** @param retentionTime The time by which pictures are too old; ms since the Unix epoch. */
  clean: (retentionTime: number): Step => stepOf(folder().clean(Date.now(), retentionTime)),
  /** From now on nobody can read what was erased, as far as keys cover it. */
  forget: (target: ErasureTarget): void => folder().forget(target, Date.now()),
  removeForgotten: (): Step => stepOf(folder().removeForgotten()),
  removeErased: (erased: ErasureTarget | UncoveredRows): Step =>
    stepOf(folder().removeErased(erased)),
  hasClear: (): boolean => folder().hasClear,
  close(): void {
    opened?.[Symbol.dispose]();
    opened = undefined;
  },
};

export type FolderMethods = typeof methods;

serve(methods, (error) => toImageStoreError(error, path));
