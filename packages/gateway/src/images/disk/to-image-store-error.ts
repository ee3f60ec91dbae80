import { explainDiskFailure } from '../../storage/disk-failure.ts';
import { ImageStoreError } from '../image-store-error.ts';

/** What failed with the folder, or with the index in it. */
export function toImageStoreError(error: unknown, path: string): ImageStoreError {
  if (error instanceof ImageStoreError) return error;
  const [code, what] = explainDiskFailure(error);
  return new ImageStoreError(code, `the pictures' folder ${path} ${what}`, { cause: error });
}
