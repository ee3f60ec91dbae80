import { existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { pack } from '../../../scripts/release/pack.ts';
import { readPublicPackages } from '../../../scripts/release/packages.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The tarball of `@se5/client`, as npm would get it. */
    clientTarball: string;
  }
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Packs the client once for all recipes. `pnpm test` has built it before. */
export function setup({ provide }: TestProject): () => void {
  if (!existsSync(join(ROOT, 'packages/client/dist/index.js'))) {
    throw new Error('@se5/client is not built: run `npx -y pnpm@10.34.9 packages`');
  }
  const folder = mkdtempDisposableSync(join(tmpdir(), 'recipes-'));
  const client = readPublicPackages(ROOT).filter(({ manifest }) => manifest.name === '@se5/client');
  const [packed] = pack(ROOT, client, folder.path);
  if (packed === undefined) throw new Error('packages/client is no public package');
  provide('clientTarball', packed.tarball);
  return () => folder.remove();
}
