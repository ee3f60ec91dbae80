import { readFile, writeFile } from 'node:fs/promises';
import { schemaText } from '../src/schema/schema-text.ts';

/** Writes schema.graphql; with --check, only says whether it is what would be written. */
const file = new URL('../schema.graphql', import.meta.url);
const printed = schemaText();

if (!process.argv.includes('--check')) {
  await writeFile(file, printed);
} else if ((await readFile(file, 'utf8')) !== printed) {
  console.error(
    'packages/gateway/schema.graphql is not what the code says; run: pnpm --filter @se5/gateway generate',
  );
  process.exitCode = 1;
}
