import { readFile, writeFile } from 'node:fs/promises';
import { GraphQLSchema, printSchema } from 'graphql';
import { buildSchema } from '../src/schema/schema.ts';

/** Writes schema.graphql; with --check, only says whether it is what would be written. */
const file = new URL('../schema.graphql', import.meta.url);
// Without the list of types, they are printed in the order in which Query and Subscription lead to them.
const schema = new GraphQLSchema({ ...buildSchema().toConfig(), types: [] });
const printed = `${printSchema(schema)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(file, printed);
} else if ((await readFile(file, 'utf8')) !== printed) {
  console.error(
    'packages/gateway/schema.graphql is not what the code says; run: pnpm --filter @se5/gateway generate',
  );
  process.exitCode = 1;
}
