import { appendFile, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runNode } from './support/run.ts';
import { createTemporaryDirectory } from './support/temporary-directory.ts';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const generated = 'src/generated/operations.ts';

/** The package with its generator, and the schema beside it, to be changed. */
async function copyPackage() {
  const directory = await createTemporaryDirectory();
  const client = `${directory.path}/client`;
  await mkdir(`${directory.path}/gateway`);
  for (const path of [
    'client/src',
    'client/scripts',
    'client/package.json',
    'gateway/schema.graphql',
  ]) {
    await cp(`${packages}${path}`, `${directory.path}/${path}`, { recursive: true });
  }
  await symlink(`${packages}client/node_modules`, `${client}/node_modules`);
  return { ...directory, client, schema: `${directory.path}/gateway/schema.graphql` };
}

test('a change of the schema is found in one line that names the command, and generated anew', async () => {
  await using copy = await copyPackage();
  await appendFile(copy.schema, '\nextend enum PersonType { CONTRACTOR }\n');
  expect(await runNode(copy.client, 'scripts/generate.ts', '--check')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `packages/client/${generated} is out of date: run \`pnpm --filter @se5/client generate\`\n`,
  });
  expect(await runNode(copy.client, 'scripts/generate.ts')).toMatchObject({ exitCode: 0 });
  expect(await readFile(`${copy.client}/${generated}`, 'utf8')).toContain("'CONTRACTOR'");
  expect(await runNode(copy.client, 'scripts/generate.ts', '--check')).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});
