import { workerData } from 'node:worker_threads';
import { serve } from '../../thread/serve.ts';
import { dayOf } from '../key-file.ts';
import { toKeyFileError } from '../key-file-error.ts';
import type { Erasure, FileIdentity, KeyId, SharedKey } from './key-messages.ts';
import { type FileChange, type FileContent, KeyMirror } from './key-mirror.ts';

const { path } = workerData as { readonly path: string };

let opened: KeyMirror | undefined;

function mirror(): KeyMirror {
  opened ??= new KeyMirror(path);
  return opened;
}

const today = (): number => dayOf(Date.now());

const methods = {
  content: (): FileContent => mirror().content,
  share: (stream: string, file: FileIdentity): void => mirror().share(stream, file),
  keys: (ids: readonly KeyId[]): SharedKey[] => mirror().keys(ids),
  apply: (change: FileChange): Erasure[] => mirror().apply(change, today()),
  followed: (erasures: readonly Erasure[]): void => mirror().followed(erasures, today()),
  /** @param keepMs How long the messages of erasures are kept, in ms. */
  collectFollowed: (keepMs: number): void =>
    mirror().collectFollowed(dayOf(Date.now() - keepMs) - 2),
  clean: (): void => mirror().clean(),
  close(): void {
    opened?.[Symbol.dispose]();
    opened = undefined;
  },
};

export type KeyMirrorMethods = typeof methods;

serve(methods, (error) => toKeyFileError(error, path));
