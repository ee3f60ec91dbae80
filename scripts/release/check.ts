import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandProblems } from './commands.ts';
import { contentProblems, installedFiles } from './contents.ts';
import { install, type Source } from './install.ts';
import { lintTarball } from './lint.ts';
import { pack } from './pack.ts';
import { entryPoints, manifestProblems, type PublicPackage } from './packages.ts';
import { run } from './run.ts';
import { typeProblems } from './types.ts';

export interface PackageReport {
  readonly name: string;
  readonly version: string;
  /** Bytes of the tarball. */
  readonly byteLength: number;
  readonly files: number;
  readonly entryPoints: number;
  readonly commands: readonly string[];
}

export interface ReleaseReport {
  readonly packages: readonly PackageReport[];
  /** What speaks against publishing, one text each. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  readonly source: Source;
  /** An empty folder outside of any project. */
  readonly folder: string;
  /** Told of each step before it begins. */
  step(name: string): void;
}

/**
 * Packs the public packages, which have to be built, and checks the tarballs: what they hold, and
 * what a project can do with them once they are installed.
 *
 * @throws {CommandError} when a step fails that later ones need.
 */
export async function checkRelease(
  root: string,
  packages: readonly PublicPackage[],
  { source, folder, step }: CheckOptions,
): Promise<ReleaseReport> {
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  const problems = packages.flatMap((one) => manifestProblems(one, names));

  step('pack');
  const packed = pack(root, packages, folder);
  for (const one of packed) {
    step(`lint ${one.manifest.name}`);
    problems.push(...lintTarball(root, one));
  }

  step(`install, with dependencies from the ${source}`);
  const project = join(folder, 'project');
  mkdirSync(project);
  install(root, packed, project, source);
  const reports = packed.map((one) => {
    const { name, version, bin } = one.manifest;
    const files = installedFiles(join(project, 'node_modules', name));
    const sources = globSync('**/*.{ts,tsx}', { cwd: join(root, one.folder, 'src') });
    problems.push(...contentProblems(one, files, sources));
    return {
      name,
      version,
      byteLength: one.byteLength,
      files: files.length,
      entryPoints: entryPoints(one).length,
      commands: Object.keys(bin),
    };
  });

  step('import every entry point');
  problems.push(...entryProblems(packages, project));
  step('run every command');
  for (const one of packages) problems.push(...(await commandProblems(one, project)));
  step('type-check the example of each README');
  problems.push(...typeProblems(root, packages, project));
  return { packages: reports, problems };
}

function entryProblems(packages: readonly PublicPackage[], project: string): string[] {
  const loader = join(project, 'load-entries.ts');
  copyFileSync(fileURLToPath(new URL('load-entries.ts', import.meta.url)), loader);
  const specifiers = packages.flatMap(entryPoints).map(({ specifier }) => specifier);
  return run(process.execPath, [loader, ...specifiers], project)
    .split('\n')
    .filter(Boolean);
}
