import { setImmediate as nextTurn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { serve } from '../../thread/serve.ts';
import type { KeySecret } from '../image-keys.ts';
import { toImageFailure } from './failure.ts';
import { type FolderFigures, PictureFolder } from './picture-folder.ts';
import type { IndexLimits } from './picture-index.ts';
import { readSecret } from './secret-file.ts';

export interface FolderOptions {
  readonly path: string;
  readonly limits: IndexLimits;
}

/** A picture of a batch: its base64 are the next `length` bytes. */
export interface BatchEntry {
  readonly key: string;
  readonly at: number;
  readonly length: number;
}

const { path, limits } = workerData as FolderOptions;

let opened: PictureFolder | undefined;

function folder(): PictureFolder {
  if (!opened) throw new Error('the folder is not open');
  return opened;
}

/** While others have their turns. What can't be removed now is looked for again at the next start. */
async function sweep(swept: PictureFolder): Promise<void> {
  for (const shard of swept.shards()) {
    await nextTurn();
    if (opened !== swept) return;
    swept.sweep(shard);
  }
}

const methods = {
  /** @param own The secret of a folder that has none yet. */
  open(own: KeySecret, isDamaged: boolean): { secret: KeySecret; figures: FolderFigures } {
    const secret = readSecret(path, own);
    opened = new PictureFolder(path, limits, isDamaged);
    sweep(opened).catch(() => {});
    return { secret, figures: opened.figures };
  },
  write(entries: readonly BatchEntry[], batch: SharedArrayBuffer): FolderFigures {
    const text = Buffer.from(batch);
    let end = 0;
    const pictures = entries.map(({ key, at, length }) => {
      const base64 = text.toString('latin1', end, end + length);
      end += length;
      return { key, at, bytes: Buffer.from(base64, 'base64') };
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
  find: (keys: readonly string[]): readonly string[] =>
    keys.filter((key) => folder().has(key, Date.now())),
  remove: (...args: Parameters<PictureFolder['remove']>) => ({
    ...folder().remove(...args),
    figures: folder().figures,
  }),
  clean: (own: Partial<IndexLimits>) => ({
    ...folder().clean(Date.now(), own),
    figures: folder().figures,
  }),
  close(): void {
    opened?.[Symbol.dispose]();
    opened = undefined;
  },
};

export type FolderMethods = typeof methods;

serve(methods, (error) => toImageFailure(error, path));
