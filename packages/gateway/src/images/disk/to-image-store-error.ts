import { KeyFileError } from '../../privacy/key-file-error.ts';
import { explainDiskFailure } from '../../storage/disk-failure.ts';
import { ImageStoreError, type ImageStoreErrorCode } from '../image-store-error.ts';

/** What failed with the folder, with the index in it, or with the keys of what is in it. */
export function toImageStoreError(error: unknown, path: string): ImageStoreError {
  if (error instanceof ImageStoreError) return error;
  if (error instanceof KeyFileError) {
    return new ImageStoreError(codeOf(error), error.message, { cause: error });
  }
  const [code, what] = explainDiskFailure(error);
  return new ImageStoreError(code, `the pictures' folder ${path} ${what}`, { cause: error });
}

/** What is wrong with the key file must not be taken for damage to the index. */
function codeOf({ code }: KeyFileError): ImageStoreErrorCode {
  if (code === 'FULL' || code === 'READ_ONLY') return code;
  return code === 'UNAVAILABLE' || code === 'IN_USE' ? 'UNAVAILABLE' : 'KEYS_UNUSABLE';
}
