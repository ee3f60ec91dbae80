import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicPackage } from './packages.ts';
import { run } from './run.ts';

export interface PackedPackage extends PublicPackage {
  /** The absolute path of what npm would get. */
  readonly tarball: string;
  /** Of the tarball. */
  readonly byteLength: number;
}

/**
 * Packs built packages into `folder`, as they would be published: the versions of the workspace
 * in place of `workspace:`, and the licence of the root in each.
 *
 * @throws {CommandError}
 */
export function pack(
  root: string,
  packages: readonly PublicPackage[],
  folder: string,
): PackedPackage[] {
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  run('pnpm', [...filters, '--recursive', 'pack', `--out=${join(folder, '%s.tgz')}`], root);
  return packages.map((one) => {
    const tarball = join(folder, `${one.manifest.name.replace('@', '').replace('/', '-')}.tgz`);
    return { ...one, tarball, byteLength: statSync(tarball).size };
  });
}
