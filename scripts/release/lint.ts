import { join } from 'node:path';
import type { PackedPackage } from './pack.ts';
import { entryPoints } from './packages.ts';
import { CommandError, run } from './run.ts';

/** What publint and attw ("are the types wrong?") say of a tarball, one text each. */
export function lintTarball(root: string, packed: PackedPackage): string[] {
  const { manifest, tarball } = packed;
  const tools: readonly (readonly [tool: string, args: readonly string[]])[] = [
    ['publint', [tarball, '--strict']],
    ['attw', [tarball, ...ATTW, ...withoutTypes(packed)]],
  ];
  return tools.flatMap(([tool, args]) => {
    try {
      run(join(root, 'node_modules/.bin', tool), args, root);
      return [];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return [`${manifest.name}: ${error.message}`];
    }
  });
}

const ATTW = '--profile esm-only --format ascii --no-emoji'.split(' ');

/** Entry points that have no types, by their path alone: `schema.graphql`. */
function withoutTypes(packed: PackedPackage): string[] {
  const paths = entryPoints(packed)
    .filter(({ file }) => !/\.(js|json)$/.test(file))
    .map(({ specifier }) => specifier.slice(packed.manifest.name.length + 1));
  return paths.length > 0 ? ['--exclude-entrypoints', ...paths] : [];
}
