import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackedPackage } from './pack.ts';
import { run } from './run.ts';

/** Where the dependencies of the packed packages come from. */
export type Source =
  /** npm installs the tarballs, as a user would: it asks the registry for what it has not cached. */
  | 'registry'
  /** The tarballs are unpacked, and the dependencies of this checkout linked. No network. */
  | 'checkout';

/**
 * Makes an empty project in `folder`, and installs tarballs into it.
 *
 * @throws {CommandError}
 */
export function install(
  root: string,
  packages: readonly PackedPackage[],
  folder: string,
  source: Source,
): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  if (source === 'checkout') {
    link(root, packages, folder);
  } else {
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const tarballs = packages.map(({ tarball }) => tarball);
    // npm leaves out those that are optional.
    const peers = packages.flatMap(({ manifest }) =>
      Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`),
    );
    run('npm', ['install', ...flags, ...tarballs, ...peers], folder);
  }
}

/** A package sees its declared dependencies and peers and the other packages, and nothing else. */
function link(root: string, packages: readonly PackedPackage[], folder: string): void {
  const own = new Set(packages.map(({ manifest }) => manifest.name));
  for (const { manifest, folder: from, tarball } of packages) {
    const to = join(folder, 'node_modules', manifest.name);
    mkdirSync(to, { recursive: true });
    run('tar', ['-xzf', tarball, '-C', to, '--strip-components=1'], folder);
    const { dependencies, peerDependencies } = manifest;
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (own.has(dependency)) continue;
      const target = realpathSync(join(root, from, 'node_modules', dependency));
      linkTo(target, join(to, 'node_modules', dependency));
    }
    for (const [command, file] of Object.entries(manifest.bin)) {
      chmodSync(join(to, file), 0o755);
      linkTo(join(to, file), join(folder, 'node_modules/.bin', command));
    }
  }
}

function linkTo(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
