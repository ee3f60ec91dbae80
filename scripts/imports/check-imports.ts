import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readImports } from './read-imports.ts';
import { resolve, type Target } from './resolve.ts';
import { rooms, surroundings } from './rules.ts';
import { readWorkspace, type WorkspacePackage } from './workspace.ts';

export interface ImportReport {
  /** How many modules were read, and how many imports they hold. */
  readonly modules: number;
  readonly imports: number;
  /** One line each: where, what is imported, and which rule it breaks. */
  readonly problems: readonly string[];
}

interface Module {
  readonly owner: WorkspacePackage;
  readonly path: string;
}

/** Reads every module of the workspace at `root` and holds its imports against the rules. */
export function checkImports(root: string): ImportReport {
  const workspace = readWorkspace(root);
  const modules = workspace.flatMap((owner) => owner.modules.map((path) => ({ owner, path })));
  const problems = blindSpots(workspace, modules);
  let imports = 0;
  for (const module of modules) {
    try {
      for (const found of readImports(module.path, readFileSync(join(root, module.path), 'utf8'))) {
        imports += 1;
        const problem = judge(found.specifier, module, workspace);
        if (problem !== undefined) problems.push(`${module.path}:${found.line}: ${problem}`);
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      problems.push(error.message);
    }
  }
  return { modules: modules.length, imports, problems };
}

/** Where the check would pass because it looks at nothing. */
function blindSpots(workspace: readonly WorkspacePackage[], modules: readonly Module[]): string[] {
  const visited = new Set(modules.filter(isSource).map(roomOf));
  return [
    ...workspace
      .filter(({ id }) => surroundings[id] === undefined)
      .map(({ folder }) => `${folder}: scripts/imports/rules.ts has no rule for this package`),
    ...Object.keys(rooms)
      .filter((room) => !visited.has(room))
      .map((room) => `scripts/imports/rules.ts: the room ${room} holds no module`),
  ];
}

function judge(
  specifier: string | undefined,
  module: Module,
  workspace: readonly WorkspacePackage[],
): string | undefined {
  if (specifier === undefined) {
    return isSource(module) ? 'imports a computed name, which nobody can check' : undefined;
  }
  const target = resolve(specifier, module, workspace);
  const rule = brokenRule(target, module, workspace);
  return rule && `imports '${specifier}': ${rule}`;
}

function brokenRule(
  target: Target,
  module: Module,
  workspace: readonly WorkspacePackage[],
): string | undefined {
  switch (target.kind) {
    case 'builtin':
      return undefined;
    case 'nothing':
      return target.reason;
    case 'package':
      return undeclared(target.name, module, workspace);
    case 'file':
      return (
        wrongWay(target, module) ??
        (target.owner === module.owner || target.owner.id === 'root'
          ? undefined
          : undeclared(target.owner.manifest.name, module, workspace))
      );
  }
}

function wrongWay(target: Module, module: Module): string | undefined {
  if (!isSource(module)) {
    const { id } = module.owner;
    const allowed = [id, ...(surroundings[id] ?? [])];
    return allowed.includes(target.owner.id)
      ? undefined
      : `tests and scripts of ${id} may import from ${allowed.join(', ')}`;
  }
  const room = roomOf(module);
  const allowed = [room, ...(rooms[room] ?? [])];
  return allowed.includes(roomOf(target))
    ? undefined
    : `it is in ${roomOf(target)}, and ${room} may import from ${allowed.join(', ')}`;
}

/** What runs in production must be among its package's own dependencies. */
function undeclared(
  name: string,
  module: Module,
  workspace: readonly WorkspacePackage[],
): string | undefined {
  const { folder, manifest } = module.owner;
  const root = workspace.find((candidate) => candidate.id === 'root');
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...(isSource(module) ? {} : { ...manifest.devDependencies, ...root?.manifest.devDependencies }),
  };
  if (Object.hasOwn(declared, name)) return undefined;
  const where = isSource(module) ? 'dependencies' : 'dependencies or devDependencies';
  return `${name} is not in the ${where} of ${posix.join(folder, 'package.json')}`;
}

const isSource = ({ owner, path }: Module): boolean => path.startsWith(`${owner.folder}/src/`);

/** The longest room that holds the module; the package itself when no line names it. */
function roomOf(module: Module): string {
  const { owner, path } = module;
  const parts = isSource(module) ? path.slice(`${owner.folder}/src/`.length).split('/') : [];
  for (let length = parts.length; length > 0; length -= 1) {
    const room = [owner.id, ...parts.slice(0, length)].join('/');
    if (Object.hasOwn(rooms, room)) return room;
  }
  return owner.id;
}
