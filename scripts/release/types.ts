import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PublicPackage } from './packages.ts';
import { CommandError, run } from './run.ts';

/** The first example of a README in TypeScript. */
export const exampleIn = (readme: string): string | undefined =>
  /^```ts\n(.*?)^```$/ms.exec(readme)?.[1];

/**
 * The errors that tsc printed, without names that nothing declares: a README may leave those to
 * its reader. What is wrong in the use of a package has another number.
 */
export const typeErrors = (output: string): string[] =>
  output.split('\n').filter((line) => /error TS(?!2304\b)\d+/.test(line));

/**
 * Type-checks the first example of each README against the packages that are installed in
 * `folder`, and their declarations with it.
 */
export function typeProblems(
  root: string,
  packages: readonly PublicPackage[],
  folder: string,
): string[] {
  const files: string[] = [];
  const problems: string[] = [];
  for (const { folder: from, manifest } of packages) {
    const readme = join(folder, 'node_modules', manifest.name, 'README.md');
    const example = existsSync(readme) ? exampleIn(readFileSync(readme, 'utf8')) : undefined;
    if (example === undefined) {
      problems.push(`${manifest.name}: README.md shows no example in TypeScript`);
      continue;
    }
    const file = `readme-of-${basename(from)}.ts`;
    writeFileSync(join(folder, file), example);
    files.push(file);
  }
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  try {
    run(join(root, 'node_modules/.bin/tsc'), ['--project', folder, '--pretty', 'false'], folder);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const hasErrors = /error TS\d/.test(error.output);
    problems.push(...(hasErrors ? typeErrors(error.output) : [error.message]));
  }
  return problems;
}
