import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../release/arguments.ts';
import { contentProblems } from '../release/contents.ts';
import {
  entryPoints,
  inOrder,
  manifestProblems,
  type PublicPackage,
  readPublicPackages,
} from '../release/packages.ts';
import { refusals } from '../release/refusals.ts';
import { table } from '../release/table.ts';
import { exampleIn, typeErrors } from '../release/types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package that lacks nothing. */
const packageOf = (
  name: string,
  manifest: Partial<PublicPackage['manifest']> = {},
): PublicPackage => ({
  folder: `packages/${basename(name)}`,
  manifest: {
    name,
    version: '1.2.3',
    private: false,
    description: 'what it is',
    keywords: ['se5'],
    license: 'MIT',
    engines: { node: '>=24' },
    files: ['CHANGELOG.md', 'dist'],
    bin: {},
    exports: {},
    dependencies: {},
    peerDependencies: {},
    ...manifest,
  },
});

const namesOf = (packages: readonly PublicPackage[]): string[] =>
  packages.map(({ manifest }) => manifest.name);

describe('the order of publishing', () => {
  test('puts each package behind those that it depends on, and the rest by name', () => {
    const packages = [
      packageOf('b'),
      packageOf('a', { dependencies: { d: 'workspace:^', zod: '4' } }),
      packageOf('d', { dependencies: { c: 'workspace:^' } }),
      packageOf('c'),
    ];
    const expected = ['b', 'c', 'd', 'a'];
    expect(namesOf(inOrder(packages))).toEqual(expected);
    expect(namesOf(inOrder(packages.toReversed()))).toEqual(expected);
  });

  test('does not exist for packages that depend on each other', () => {
    const packages = [
      packageOf('a', { dependencies: { b: 'workspace:^' } }),
      packageOf('b', { dependencies: { a: 'workspace:^' } }),
      packageOf('c'),
    ];
    expect(() => inOrder(packages)).toThrow('depend on each other: a, b');
  });

  test('of this repository has the gateway behind the core, and no private package', () => {
    const names = namesOf(readPublicPackages(root));
    expect(names).toEqual(expect.arrayContaining(['@se5/client', '@se5/core', '@se5/gateway']));
    expect(names.indexOf('@se5/core')).toBeLessThan(names.indexOf('@se5/gateway'));
    expect(names).not.toContain('@se5/demo');
    expect(names).not.toContain('@se5/nats-server');
  });
});

test('turbo builds every public package before it checks them', () => {
  const text = readFileSync(join(root, 'turbo.json'), 'utf8');
  const [, checkPackages = ''] = /"\/\/#check:packages": \{(.*?)\}/s.exec(text) ?? [];
  for (const name of namesOf(readPublicPackages(root))) {
    expect(checkPackages).toContain(`"${name}#build"`);
  }
});

describe('package.json', () => {
  test('of a complete package has no problem', () => {
    const one = packageOf('a', { dependencies: { b: 'workspace:^', ws: '8' } });
    expect(manifestProblems(one, new Set(['a', 'b']))).toEqual([]);
  });

  test.each([
    ['package.json has no description', { description: undefined }],
    ['package.json has no keywords', { keywords: [] }],
    ['package.json has no license', { license: undefined }],
    ['package.json has no engines.node', { engines: {} }],
    ['package.json has no CHANGELOG.md among its files', { files: ['dist'] }],
    ['depends on b, which is private', { dependencies: { b: 'workspace:^' } }],
  ])('is reported: %s', (problem, manifest) => {
    expect(manifestProblems(packageOf('a', manifest), new Set(['a']))).toEqual([`a: ${problem}`]);
  });

  test('names entry points, each with the file that an import loads', () => {
    const exports = {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './schema.graphql': './schema.graphql',
    };
    expect(entryPoints(packageOf('@se5/a', { exports }))).toEqual([
      { specifier: '@se5/a', file: './dist/index.js' },
      { specifier: '@se5/a/schema.graphql', file: './schema.graphql' },
    ]);
  });
});

describe('a tarball', () => {
  const files = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/a/b.js'];
  const sources = ['index.ts', 'a/b.tsx'];

  test('with all that belongs to it has no problem', () => {
    expect(contentProblems(packageOf('a'), files, sources)).toEqual([]);
  });

  test.each(['README.md', 'LICENSE'])('without %s is reported', (file) => {
    const others = files.filter((one) => one !== file);
    expect(contentProblems(packageOf('a'), others, sources)).toEqual([`a: ${file} is missing`]);
  });

  test('with the output of a source that is gone is reported', () => {
    expect(contentProblems(packageOf('a'), files, ['index.ts'])).toEqual([
      'a: dist/a/b.js has no source; delete packages/a/dist and build again',
    ]);
  });
});

describe('the example of a README', () => {
  test('is its first block of TypeScript', () => {
    const readme = '# A\n```sh\nnpm i\n```\n```ts\nconst a = 1;\n```\n```ts\nconst b = 2;\n```\n';
    expect(exampleIn(readme)).toBe('const a = 1;\n');
    expect(exampleIn('```sh\nnpm i\n```\n')).toBeUndefined();
  });

  test('may use names that it does not declare, and nothing else that is wrong', () => {
    const wrong = "readme-of-a.ts(1,10): error TS2305: Module '@se5/a' has no exported member 'b'.";
    const output = `readme-of-a.ts(2,1): error TS2304: Cannot find name 'show'.\n${wrong}\n  more\n`;
    expect(typeErrors(output)).toEqual([wrong]);
  });
});

describe('publishing', () => {
  const ready = { changes: [], changesets: [], user: 'publisher' };

  test('is not refused where all is committed, versioned and known to npm', () => {
    expect(refusals(ready)).toEqual([]);
  });

  test.each([
    ['The working tree has 2 changes', { changes: [' M README.md', '?? new.ts'] }],
    ['.changeset holds first.md', { changesets: ['first.md'] }],
    ['npm knows nobody here', { user: undefined }],
  ])('is refused: %s', (reason, circumstances) => {
    const expected = [expect.stringContaining(reason)];
    expect(refusals({ ...ready, ...circumstances })).toEqual(expected);
  });

  test('names every reason at once', () => {
    expect(refusals({ changes: ['?? a'], changesets: ['b.md'], user: undefined })).toHaveLength(3);
  });
});

describe('the arguments', () => {
  test.each([
    [[], { dryRun: false, offline: false }],
    [['--dry-run'], { dryRun: true, offline: false }],
    [['--dry-run', '--offline'], { dryRun: true, offline: true }],
  ])('%j are taken', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });

  test.each([[['--offline']], [['--dryrun']], [['now']]])('%j are refused', (argv) => {
    expect(() => parseArguments(argv)).toThrow(/Usage: pnpm release/);
  });
});

test('the table has a line for each package, in aligned columns', () => {
  const one = { version: '1.2.3', files: 3, entryPoints: 2 };
  expect(
    table([
      { ...one, name: '@se5/a', byteLength: 1025, commands: ['se5-a', 'se5-b'] },
      { ...one, name: '@se5/longer', byteLength: 1024, commands: [] },
    ]),
  ).toBe(`package      version  tarball  files  entry points  commands
@se5/a       1.2.3    2 KiB    3      2             se5-a, se5-b
@se5/longer  1.2.3    1 KiB    3      2`);
});
