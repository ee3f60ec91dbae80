import { globSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { z } from 'zod';

const ranges = z.record(z.string(), z.string()).default({});

const manifestSchema = z.object({
  name: z.string(),
  dependencies: ranges,
  devDependencies: ranges,
  peerDependencies: ranges,
  exports: z
    .record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))
    .default({}),
});

export interface WorkspacePackage {
  /** The name of its folder; `root` for what belongs to no package. */
  readonly id: string;
  /** From the root of the workspace, with `/`; `.` is the root itself. */
  readonly folder: string;
  readonly manifest: z.infer<typeof manifestSchema>;
  /** Paths of its modules, from the root of the workspace, with `/`. */
  readonly modules: readonly string[];
}

const MODULES = '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

/** The packages as they lie on the disk, the root first. */
export function readWorkspace(root: string): WorkspacePackage[] {
  const manifests = globSync(['{packages,apps}/*/package.json', '{bench,chaos}/package.json'], {
    cwd: root,
  });
  const folders = manifests.map((path) => posix.dirname(path)).toSorted();
  return [
    readPackage(root, '.', 'root', [MODULES, `scripts/**/${MODULES}`]),
    ...folders.map((folder) => readPackage(root, folder, basename(folder), [`**/${MODULES}`])),
  ];
}

function readPackage(
  root: string,
  folder: string,
  id: string,
  patterns: readonly string[],
): WorkspacePackage {
  const cwd = join(root, folder);
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')),
  );
  const modules = globSync(patterns, { cwd, exclude: ['**/node_modules', '**/dist'] });
  return {
    id,
    folder,
    manifest,
    modules: modules.toSorted().map((path) => posix.join(folder, path)),
  };
}
