import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../packages/client/test/support/run.ts';
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../packages/client/test/support/temporary-directory.ts';
import { install } from './packages.ts';
import { readPage } from './page.ts';
import { PLAIN_FILES, TEMPLATES, type Template } from './templates.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The address of the gateway on each page. */
const DOCUMENTED = 'http://127.0.0.1:4000';

/** A folder outside of the workspace in which somebody has followed recipes. */
export interface Project extends TemporaryDirectory {
  /** What is left to do: neither making the project nor installing. */
  readonly commands: readonly string[];
  write(file: string, text: string): Promise<void>;
  /** Replaces a text that the pages have in the place of an address of the reader's. */
  replace(text: string, replacement: string): Promise<void>;
  /** Runs a command of the pages. @throws {Error} with its output when it fails. */
  run(command: string): Promise<void>;
  /** The complaints of the compiler; empty when there are none. */
  typeErrors(): Promise<string>;
}

/**
 * @param url the gateway's, in the place of the documented one.
 * @param names pages, each of which builds on those before it.
 */
export async function follow(url: string, ...names: readonly string[]): Promise<Project> {
  const pages = await Promise.all(names.map((name) => readPage(join(ROOT, 'docs/recipes', name))));
  const commands = pages.flatMap((page) => page.commands);
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await createTemporaryDirectory());
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  };

  const template = templateOf(commands);
  for (const [file, text] of template.files) await write(file, text);
  for (const page of pages) {
    for (const [file, text] of page.files) await write(file, text.replace(DOCUMENTED, url));
  }
  const packages = commands
    .filter((command) => command.startsWith('npm install '))
    .flatMap((command) => command.split(' ').slice(2))
    .filter((word) => !word.startsWith('--'));
  await install(path, new Set([...template.packages, ...packages]));

  const owned = resources.move();
  return {
    path,
    commands: commands.filter((command) => !/^(?:npm|cd|npx create-\S+) /.test(command)),
    write,
    replace: async (text, replacement) => {
      for (const file of pages.flatMap((page) => [...page.files.keys()])) {
        const content = await readFile(join(path, file), 'utf8');
        if (content.includes(text)) await write(file, content.replace(text, replacement));
      }
    },
    run: async (command) => {
      const [npx, tool = '', ...words] = command.split(' ');
      if (npx !== 'npx') throw new Error(`\`${command}\` is no command of a package`);
      const file = join(path, 'node_modules/.bin', tool);
      const { exitCode, stdout, stderr } = await run(path, file, ...words);
      if (exitCode !== 0) throw new Error(`\`${command}\` failed:\n${stdout}${stderr}`);
    },
    // As `npm run build` of Vite's template: a configuration may only refer to others.
    typeErrors: async () =>
      (await run(path, join(ROOT, 'node_modules/.bin/tsc'), '--build')).stdout,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function templateOf(commands: readonly string[]): Template {
  const fits = ([beginning]: readonly [string, Template]): boolean =>
    commands.some((command) => command.startsWith(beginning));
  return [...TEMPLATES].find(fits)?.[1] ?? { files: PLAIN_FILES, packages: [] };
}
