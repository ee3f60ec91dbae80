import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { WorkspacePackage } from './workspace.ts';

/** What an import leads to. */
export type Target =
  /** A file of the workspace, by its path from the root. */
  | { readonly kind: 'file'; readonly owner: WorkspacePackage; readonly path: string }
  /** A package from the registry. */
  | { readonly kind: 'package'; readonly name: string }
  /** A part of Node or of the bundler. */
  | { readonly kind: 'builtin' }
  | { readonly kind: 'nothing'; readonly reason: string };

/** By names and manifests alone: whether the file exists is the compiler's business. */
export function resolve(
  specifier: string,
  importer: { readonly owner: WorkspacePackage; readonly path: string },
  workspace: readonly WorkspacePackage[],
): Target {
  if (isBuiltin(specifier) || specifier.startsWith('virtual:')) return { kind: 'builtin' };

  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(importer.path), specifier);
    const owner = ownerOf(path, workspace);
    if (owner === importer.owner || owner?.id === 'root') return { kind: 'file', owner, path };
    return { kind: 'nothing', reason: "it is another package's; use that package's name" };
  }

  const name = packageName(specifier);
  const owner = workspace.find(({ manifest }) => manifest.name === name);
  if (owner === undefined) return { kind: 'package', name };
  const entry = owner.manifest.exports[`.${specifier.slice(name.length)}`];
  const file = typeof entry === 'string' ? entry : entry?.['@se5/source'];
  if (file === undefined) return { kind: 'nothing', reason: `${name} does not export it` };
  return { kind: 'file', owner, path: posix.join(owner.folder, file) };
}

/** The package in whose folder the path lies; the root for what lies in none. */
function ownerOf(
  path: string,
  workspace: readonly WorkspacePackage[],
): WorkspacePackage | undefined {
  return (
    workspace.find(({ folder }) => path.startsWith(`${folder}/`)) ??
    workspace.find(({ id }) => id === 'root')
  );
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
