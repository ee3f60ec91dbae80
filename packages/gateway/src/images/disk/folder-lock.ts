import { join } from 'node:path';
import { holdAlone } from '../../storage/file-lock.ts';
import { ImageStoreError } from '../image-store-error.ts';

export const lockPathOf = (folder: string): string => join(folder, 'lock');

/** Another gateway would lose its drafts to us, and its index its files. @throws {ImageStoreError} IN_USE */
export function lockFolder(path: string): Disposable {
  const held = holdAlone(lockPathOf(path));
  if (held) return held;
  throw new ImageStoreError(
    'IN_USE',
    `the pictures' folder ${path} is in use by another gateway; stop that one, or set images.path to another folder`,
  );
}
