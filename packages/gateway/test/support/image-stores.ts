import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type DiskImageStoreOptions,
  type ImageStoreObserver,
  openDiskImageStore,
} from '../../src/images/disk/disk-image-store.ts';
import type { PictureOrigin } from '../../src/images/image-store.ts';
import type { ImageStoreError } from '../../src/images/image-store-error.ts';
import type { Subject } from '../../src/privacy/keyring.ts';
import { until } from './until.ts';

/** The path of a folder that is not there yet, in a directory that goes with it. */
export async function imagesFolder() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'se5-images-'));
  const path = join(directory.path, 'data', 'images');
  return { path, [Symbol.asyncDispose]: () => directory.remove() };
}

/** Where a picture comes from: an employee's event of now, unless it is said otherwise. */
export function originOf({
  owner = 'box',
  ...subject
}: Partial<Subject> & { readonly owner?: string } = {}): PictureOrigin {
  const now = Date.now();
  return {
    owner,
    subject: {
      identityId: 'employee',
      personType: 'EMPLOYEE',
      occurredAt: now,
      receivedAt: now,
      ...subject,
    },
  };
}

/** What a store told. */
export class ToldImages implements ImageStoreObserver {
  readonly failures: ImageStoreError[] = [];
  recoveries = 0;
  losses = 0;
  readonly cleaningFailures: ImageStoreError[] = [];

  unavailable(error: ImageStoreError): void {
    this.failures.push(error);
  }

  available(): void {
    this.recoveries += 1;
  }

  readonly exposedPaths: string[] = [];
  readonly distrusted: number[] = [];

  exposed(paths: readonly string[]): void {
    this.exposedPaths.push(...paths);
  }

  clockDistrusted(aheadMs: number): void {
    this.distrusted.push(aheadMs);
  }

  lost(): void {
    this.losses += 1;
  }

  cleaningFailed(error: ImageStoreError): void {
    this.cleaningFailures.push(error);
  }

  /** Settles when something failed for the `times`th time. */
  failed(times = 1): Promise<void> {
    return until(() => this.failures.length >= times);
  }
}

export type DiskOptions = Partial<Omit<DiskImageStoreOptions, 'limits'>> &
  Partial<DiskImageStoreOptions['limits']>;

/** The key file that `openImagesAt` takes for a folder. */
export const keysBeside = (folder: string): string => join(dirname(folder), 'keys.db');

/** Keeps a day and a gigabyte, unless it is said otherwise. */
export const openImagesAt = (
  path: string,
  {
    keys = keysBeside(path),
    keepMs = 86_400_000,
    maxBytes = 2 ** 30,
    observer = new ToldImages(),
    ...rest
  }: DiskOptions = {},
) => openDiskImageStore({ path, keys, limits: { keepMs, maxBytes }, observer, ...rest });

/** The files of pictures, without what else is in the folder. */
export async function pictureFiles(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && /^[0-9a-f]{64}$/.test(file.name))
    .map((file) => join(file.parentPath, file.name));
}
