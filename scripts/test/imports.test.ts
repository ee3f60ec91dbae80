import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkImports } from '../imports/check-imports.ts';
import { readImports } from '../imports/read-imports.ts';
import { rooms } from '../imports/rules.ts';

const folders: Readonly<Record<string, string>> = {
  command: 'packages/command',
  simulator: 'packages/simulator',
  'nats-server': 'packages/nats-server',
  core: 'packages/core',
  gateway: 'packages/gateway',
  client: 'packages/client',
  wall: 'apps/wall',
  demo: 'apps/demo',
  bench: 'bench',
  chaos: 'chaos',
};

/** A workspace with one harmless module in each room, and `planted` beside or over them. */
function workspaceWith(planted: Readonly<Record<string, string>>) {
  const tree = mkdtempDisposableSync(join(tmpdir(), 'imports-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree.path, path)), { recursive: true });
    writeFileSync(join(tree.path, path), text);
  };
  write('package.json', JSON.stringify({ name: 'root', devDependencies: { vitest: '5' } }));
  for (const [id, folder] of Object.entries(folders)) {
    const own = Object.keys(folders).map((each) => [`@se5/${each}`, '*']);
    const dependencies = { ...Object.fromEntries(own), ws: '8' };
    const exports = {
      '.': { '@se5/source': './src/index.ts', default: './dist/index.js' },
      './journal': { '@se5/source': './src/journal/index.ts' },
    };
    write(`${folder}/package.json`, JSON.stringify({ name: `@se5/${id}`, dependencies, exports }));
  }
  for (const room of Object.keys(rooms)) {
    const [id = '', ...rest] = room.split('/');
    const path = [folders[id], 'src', ...rest].join('/');
    write(path.endsWith('.ts') ? path : `${path}/index.ts`, 'export {};\n');
  }
  for (const [path, text] of Object.entries(planted)) write(path, text);
  return tree;
}

function problemsWith(planted: Readonly<Record<string, string>>): readonly string[] {
  using tree = workspaceWith(planted);
  return checkImports(tree.path).problems;
}

test('every package of this repository is read', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { modules, imports } = checkImports(root);
  expect(modules).toBeGreaterThan(50);
  expect(imports).toBeGreaterThan(modules);
});

test('a tree without a forbidden import passes', () => {
  expect(problemsWith({})).toEqual([]);
});

describe('a forbidden import is reported with its file, its line and the rule it breaks', () => {
  test.each([
    [
      'from core into the gateway',
      'packages/core/src/box/box.ts',
      "import { x } from '@se5/gateway';",
      'it is in gateway, and core/box may import from core/box, core/clock.ts, core/protocol',
    ],
    [
      'from one room of core into a later one',
      'packages/core/src/protocol/decode.ts',
      "import { x } from '../box/box.ts';",
      'it is in core/box, and core/protocol may import from core/protocol',
    ],
    [
      'from one room of the gateway into a later one',
      'packages/gateway/src/fleet/session.ts',
      "export * from '../fanout/feed.ts';",
      'it is in gateway/fanout, and gateway/fleet may import from',
    ],
    [
      'from the client into the gateway, of types only',
      'packages/client/src/deep/types.ts',
      "export type X = import('@se5/gateway').Gateway;",
      'it is in gateway, and client may import from client',
    ],
    [
      "from a room into another package's room, by the name of its export",
      'apps/demo/src/launcher/launch.ts',
      "import { x } from '@se5/gateway/journal';",
      'it is in gateway/journal, and demo/launcher may import from',
    ],
    [
      'from what the gateway ships into the simulator',
      'packages/gateway/src/fleet/session.ts',
      "import { x } from '@se5/simulator';",
      'it is in simulator, and gateway/fleet may import from',
    ],
    [
      'from the simulator into core, whose tests use the simulator',
      'packages/simulator/src/archive.ts',
      "import type { x } from '@se5/core';",
      'it is in core, and simulator may import from simulator, command',
    ],
    [
      'from the page into the simulator, at run time',
      'apps/wall/src/wall.tsx',
      "export const load = () => import('@se5/simulator');",
      'it is in simulator, and wall may import from wall, client',
    ],
    [
      "past a package's door",
      'packages/gateway/src/fleet/session.ts',
      "import { x } from '../../../core/src/protocol/ids.ts';",
      "it is another package's; use that package's name",
    ],
    [
      'of what a package does not export',
      'packages/gateway/src/fleet/session.ts',
      "import { x } from '@se5/core/src/protocol/ids.ts';",
      '@se5/core does not export it',
    ],
    [
      'of a package that is not declared',
      'packages/core/src/box/box.ts',
      "import { x } from '@scope/undeclared/sub';",
      '@scope/undeclared is not in the dependencies of packages/core/package.json',
    ],
    [
      "of a tool of the workspace's, in what is published",
      'packages/core/src/box/box.ts',
      "import { test } from 'vitest';",
      'vitest is not in the dependencies of packages/core/package.json',
    ],
    [
      "from what ships into the workspace's scripts",
      'packages/core/src/box/box.ts',
      "import { x } from '../../../../scripts/chromium/find-chromium.ts';",
      'it is in root, and core/box may import from core/box, core/clock.ts, core/protocol',
    ],
    [
      "from core's tests into the gateway",
      'packages/core/test/box.test.ts',
      "import { x } from '@se5/gateway';",
      'tests and scripts of core may import from core, root, simulator',
    ],
  ])('%s', (_name, path, line, rule) => {
    const [problem, ...others] = problemsWith({ [path]: `// The first line.\n${line}\n` });
    expect(problem).toContain(`${path}:2: imports '`);
    expect(problem).toContain(rule);
    expect(others).toEqual([]);
  });
});

test('a computed import is reported where it ships', () => {
  const text = 'export const load = (name: string) => import(name);';
  expect(problemsWith({ 'packages/core/src/box/load.ts': text })).toHaveLength(1);
  expect(problemsWith({ 'packages/core/test/load.ts': text })).toEqual([]);
});

test('tests use their own package, the ones before it and the tools of the workspace', () => {
  const text = `
    import '@se5/simulator';
    import '../src/index.ts';
    import '../../../scripts/chromium/find-chromium.ts';
    import 'vitest';
  `;
  expect(problemsWith({ 'packages/gateway/test/gateway.test.ts': text })).toEqual([]);
});

test('the rules let no two rooms import each other', () => {
  const above = new Set<string>();
  for (const [room, uses] of Object.entries(rooms)) {
    expect([...above], `the line of ${room}`).toEqual(expect.arrayContaining([...uses]));
    above.add(room);
  }
});

test('a package that the rules do not know is reported', () => {
  const planted = { 'packages/new/package.json': '{"name":"new"}' };
  expect(problemsWith(planted)).toEqual([
    'packages/new: scripts/imports/rules.ts has no rule for this package',
  ]);
});

test('a tree in which nothing is found to read does not pass', () => {
  using tree = mkdtempDisposableSync(join(tmpdir(), 'imports-'));
  writeFileSync(join(tree.path, 'package.json'), '{"name":"root"}');
  const { modules, problems } = checkImports(tree.path);
  expect(modules).toBe(0);
  expect(problems).toContain('scripts/imports/rules.ts: the room core/protocol holds no module');
});

test('each way to import is read, with its line', () => {
  const text = [
    "import a from 'a';",
    "import type { B } from 'b';",
    "export * from 'c';",
    "export { d } from 'd';",
    'const e = await import(`e`);',
    "type F = import('f').F;",
    "import g = require('g');",
    "const h = require('h');",
    'const i = await import(a + e);',
    "const notOne = \"import x from 'x'\"; // import y from 'y'",
  ].join('\n');
  expect(readImports('all.ts', text)).toEqual([
    { specifier: 'a', line: 1 },
    { specifier: 'b', line: 2 },
    { specifier: 'c', line: 3 },
    { specifier: 'd', line: 4 },
    { specifier: 'e', line: 5 },
    { specifier: 'f', line: 6 },
    { specifier: 'g', line: 7 },
    { specifier: 'h', line: 8 },
    { specifier: undefined, line: 9 },
  ]);
});

test('a module that cannot be parsed is reported', () => {
  const [problem] = problemsWith({ 'packages/core/src/broken.ts': 'import {' });
  expect(problem).toMatch(/^packages\/core\/src\/broken\.ts: /);
});
