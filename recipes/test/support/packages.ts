import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { z } from 'zod';
import { run } from '../../../packages/client/test/support/run.ts';

/** What the recipes install, with checksums in the lock file. */
const INSTALLED = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The client, as a reader has packed it. */
const CLIENT = '…/packed/se5-client.tgz';

/** Captures a package's name and the major version that a page names. */
const PACKAGE = /^(@?[^@]+)@(\d+)$/;

const manifestSchema = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).default({}),
});

const manifestOf = async (name: string) =>
  manifestSchema.parse(JSON.parse(await readFile(join(INSTALLED, name, 'package.json'), 'utf8')));

/**
 * Does what `npm install` with these arguments does, without a network: the client is unpacked
 * from its tarball, the rest is linked. A project sees no other package.
 *
 * @throws {Error} when an argument names no major version, or another one than is installed here.
 */
export async function install(folder: string, specifiers: Iterable<string>): Promise<void> {
  for (const specifier of specifiers) {
    if (specifier === CLIENT) {
      await unpack(inject('clientTarball'), join(folder, 'node_modules/@se5/client'));
      continue;
    }
    const [, name = '', major = ''] = PACKAGE.exec(specifier) ?? [];
    const { version, bin } = await manifestOf(name === '' ? specifier : name);
    if (version.split('.')[0] !== major) {
      throw new Error(`the page names ${specifier}, and the recipe runs with ${version}`);
    }
    await link(join(INSTALLED, name), join(folder, 'node_modules', name));
    for (const [command, file] of Object.entries(typeof bin === 'string' ? { [name]: bin } : bin)) {
      await link(join(INSTALLED, name, file), join(folder, 'node_modules/.bin', command));
    }
  }
}

async function unpack(tarball: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { exitCode, stderr } = await run(
    folder,
    'tar',
    ...['-xzf', tarball, '--strip-components=1'],
  );
  if (exitCode !== 0) throw new Error(stderr);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
