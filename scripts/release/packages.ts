import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';

const ranges = z.record(z.string(), z.string()).default({});

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  private: z.boolean().default(false),
  description: z.string().optional(),
  keywords: z.array(z.string()).default([]),
  license: z.string().optional(),
  engines: z.object({ node: z.string().optional() }).default({}),
  files: z.array(z.string()).default([]),
  /** By command: the file that it runs, from the package's folder. */
  bin: z.record(z.string(), z.string()).default({}),
  /** By entry point: the file, or a file for each condition. */
  exports: z
    .record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))
    .default({}),
  dependencies: ranges,
  peerDependencies: ranges,
});

export interface PublicPackage {
  /** From the root of the workspace, with `/`. */
  readonly folder: string;
  readonly manifest: z.infer<typeof manifestSchema>;
}

/** The packages of the workspace at `root` that are not private, in the order of {@link inOrder}. */
export function readPublicPackages(root: string): PublicPackage[] {
  const packages = globSync('packages/*/package.json', { cwd: root }).map((path) => ({
    folder: posix.dirname(path),
    manifest: manifestSchema.parse(JSON.parse(readFileSync(join(root, path), 'utf8'))),
  }));
  return inOrder(packages.filter(({ manifest }) => !manifest.private));
}

/**
 * The order in which packages are published: each one after those that it depends on, and by
 * name where that leaves a choice.
 *
 * @throws {Error} when packages depend on each other in a circle.
 */
export function inOrder(packages: readonly PublicPackage[]): PublicPackage[] {
  const waiting = new Map(
    packages
      .toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1))
      .map((one) => [one.manifest.name, one]),
  );
  const isReady = ({ manifest }: PublicPackage): boolean =>
    Object.keys(manifest.dependencies).every((name) => !waiting.has(name));

  const ordered: PublicPackage[] = [];
  while (waiting.size > 0) {
    const next = waiting.values().find(isReady);
    if (next === undefined) {
      throw new Error(`These packages depend on each other: ${[...waiting.keys()].join(', ')}`);
    }
    waiting.delete(next.manifest.name);
    ordered.push(next);
  }
  return ordered;
}

/**
 * One line for each field of package.json that npm shows or needs and that is missing, and for
 * each dependency that npm will not find.
 *
 * @param published the names of all public packages.
 */
export function manifestProblems(
  { manifest }: PublicPackage,
  published: ReadonlySet<string>,
): string[] {
  const { name, description, keywords, license, engines, files, dependencies } = manifest;
  const missing = Object.entries({
    description: description === undefined,
    keywords: keywords.length === 0,
    license: license === undefined,
    'engines.node': engines.node === undefined,
    'CHANGELOG.md among its files': !files.includes('CHANGELOG.md'),
  }).flatMap(([field, isMissing]) => (isMissing ? [`package.json has no ${field}`] : []));
  const unpublished = Object.entries(dependencies)
    .filter(([dependency, range]) => range.startsWith('workspace:') && !published.has(dependency))
    .map(([dependency]) => `depends on ${dependency}, which is private`);
  return [...missing, ...unpublished].map((problem) => `${name}: ${problem}`);
}

export interface EntryPoint {
  /** As it is imported. */
  readonly specifier: string;
  /** What an import loads, from the package's folder. */
  readonly file: string;
}

export const entryPoints = ({ manifest }: PublicPackage): EntryPoint[] =>
  Object.entries(manifest.exports).map(([entry, target]) => ({
    specifier: posix.join(manifest.name, entry),
    file: typeof target === 'string' ? target : (target['default'] ?? ''),
  }));
