import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { type DocumentNode, parse } from 'graphql';
import { printOperations } from './print-operations.ts';

const COMMAND = 'pnpm --filter @se5/client generate';
const root = fileURLToPath(new URL('..', import.meta.url));
const output = 'src/generated/operations.ts';

async function read(path: string): Promise<{ location: string; document: DocumentNode }> {
  const location = `${root}${path}`;
  return { location, document: parse(await readFile(location, 'utf8')) };
}

async function generate(): Promise<string> {
  const schema = await read('../gateway/schema.graphql');
  const files = await readdir(`${root}src/documents`);
  return codegen({
    schema: schema.document,
    documents: await Promise.all(files.toSorted().map((file) => read(`src/documents/${file}`))),
    filename: output,
    config: {
      enumType: 'string-literal',
      immutableTypes: true,
      inlineFragmentTypes: 'combine',
      scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown' },
      skipTypename: true,
      strictScalars: true,
      useTypeImports: true,
    },
    pluginMap: { typescriptOperations, printOperations: { plugin: printOperations } },
    plugins: [{ typescriptOperations: {} }, { printOperations: {} }],
  });
}

const generated = `// Generated from the documents and the gateway's schema by \`${COMMAND}\`.\n${await generate()}\n`;
if (!process.argv.includes('--check')) {
  await writeFile(`${root}${output}`, generated);
} else if (generated !== (await readFile(`${root}${output}`, 'utf8').catch(() => undefined))) {
  console.error(`packages/client/${output} is out of date: run \`${COMMAND}\``);
  process.exitCode = 1;
}
