import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicPackage } from './packages.ts';

/** Every file of a package that is installed in `folder`, with `/`, without what it depends on. */
export const installedFiles = (folder: string): string[] =>
  globSync('**', { cwd: folder, exclude: ['node_modules'], withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/**
 * One line for each file that a published package lacks, or holds by mistake: the compiler leaves
 * the output of a source that is gone. `dist/wall` is no output of the compiler.
 *
 * @param files what is published, from the package's folder.
 * @param sources the files below its `src`, from there.
 */
export function contentProblems(
  { folder, manifest }: PublicPackage,
  files: readonly string[],
  sources: readonly string[],
): string[] {
  const missing = ['README.md', 'LICENSE']
    .filter((file) => !files.includes(file))
    .map((file) => `${file} is missing`);
  const compiled = new Set(sources.map((file) => `dist/${file.replace(/\.tsx?$/, '.js')}`));
  const stale = files
    .filter((file) => /^dist\/(?!wall\/).*\.js$/.test(file) && !compiled.has(file))
    .map((file) => `${file} has no source; delete ${folder}/dist and build again`);
  return [...missing, ...stale].map((problem) => `${manifest.name}: ${problem}`);
}
