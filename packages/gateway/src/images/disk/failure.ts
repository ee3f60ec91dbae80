import { explainDiskFailure } from '../../disk-failure.ts';
import type { Failure } from '../../thread/serve.ts';
import type { ImageStoreErrorCode } from '../image-store-error.ts';

/** What failed with the folder, or with the index in it. */
export function toImageFailure(error: unknown, path: string): Failure<ImageStoreErrorCode> {
  const [code, what] = explainDiskFailure(error);
  return {
    code: code === 'IN_USE' ? 'UNAVAILABLE' : code,
    message: `the pictures' folder ${path} ${what}`,
  };
}
