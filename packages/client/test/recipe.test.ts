import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { listenedTo, startGateway } from './support/gateway.ts';
import { readRecipe } from './support/recipe.ts';
import { run } from './support/run.ts';
import { createTemporaryDirectory } from './support/temporary-directory.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const modules = join(root, 'packages/client/node_modules');

// A front-end's: strict, with what a page has. The condition finds the client as source.
const tsconfig = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable', 'dom'],
    jsx: 'react-jsx',
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    customConditions: ['@se5/source'],
  },
  include: ['src'],
};

const tsc = join(root, 'node_modules/.bin/tsc');

/** A package of this repository, as a file: captures the name of its folder. */
const PACKED = /^.*\/se5-(\w+)\.tgz$/;

/**
 * A front-end with a recipe's files, and nothing installed but what it says.
 *
 * @param url the gateway's, in the place of the one that the recipe names.
 */
async function frontEnd(recipe: string, url: string) {
  const { files, commands } = await readRecipe(join(root, 'docs/recipes', recipe));
  const directory = await createTemporaryDirectory();
  const write = async (file: string, text: string): Promise<void> => {
    const path = join(directory.path, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  await write('package.json', JSON.stringify({ type: 'module' }));
  await write('tsconfig.json', JSON.stringify(tsconfig));
  for (const [file, text] of files) {
    await write(file, text.replace('http://127.0.0.1:4000', url));
  }

  const installs = commands.filter((command) => command.startsWith('npm install '));
  for (const given of installs.flatMap((command) => command.split(' ').slice(2))) {
    if (given.startsWith('--')) continue;
    const own = PACKED.exec(given)?.[1];
    const path = join(directory.path, 'node_modules', own ? `@se5/${own}` : given);
    await mkdir(dirname(path), { recursive: true });
    await symlink(own ? join(root, 'packages', own) : join(modules, given), path);
  }
  return { ...directory, write, commands: commands.filter((one) => !installs.includes(one)) };
}

test('the recipe for typed operations works as it stands', async () => {
  await using box = await startSimulator();
  await using gateway = await startGateway(box);
  await listenedTo(box);
  await using app = await frontEnd('typed-operations.md', gateway.url);
  expect(app.commands).toEqual(['npx graphql-codegen', 'node src/watch-doors.ts']);

  const generate = await run(app.path, join(modules, '.bin/graphql-codegen'));
  expect(generate).toMatchObject({ exitCode: 0 });

  expect(await run(app.path, tsc)).toMatchObject({ exitCode: 0, stdout: '' });
  await app.write(
    'src/mistake.ts',
    `import { createClient } from '@se5/client';
     import { DoorsOfSiteDocument } from './generated/operations.ts';
     await createClient({ url: '' }).query(DoorsOfSiteDocument);`,
  );
  expect((await run(app.path, tsc)).stdout).toMatch(/mistake\.ts.* error TS/);

  using child = spawn(process.execPath, ['--conditions=@se5/source', 'src/watch-doors.ts'], {
    cwd: app.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  for (const _device of box.devices)
    expect(await lines.next()).toMatchObject({ value: / of Lobby$/ });
  box.setRate(50);
  const { value: visit } = await lines.next();
  expect(visit).toMatch(/^\d{4}-.*Z .+: (VISITOR|STRANGER)/);
});

test('the recipe for React is well-typed as it stands', async () => {
  await using app = await frontEnd('react.md', 'https://faces.example.com');
  expect(await run(app.path, tsc)).toMatchObject({ exitCode: 0, stdout: '' });
  await app.write(
    'src/mistake.ts',
    `import { useRecognitionEvents } from '@se5/client/react';
     export const useGate = () => useRecognitionEvents({ deviceId: 'gate' });`,
  );
  expect((await run(app.path, tsc)).stdout).toMatch(/mistake\.ts.* error TS/);
});
