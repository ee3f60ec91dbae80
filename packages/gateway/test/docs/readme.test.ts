import { readFile } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/index.ts';
import { buildSchema } from '../../src/schema/schema.ts';

const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');

const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].flatMap(
    ([, text]) => text ?? [],
  );

test('every operation of the README is one that the schema takes', () => {
  const operations = blocks('graphql');
  expect(operations.length).toBeGreaterThan(1);
  for (const operation of operations) {
    expect(validate(buildSchema(), parse(operation))).toEqual([]);
  }
});

test('the configuration of the README is valid', () => {
  const files = blocks('yaml');
  expect(files).toHaveLength(1);
  for (const file of files) expect(parseConfig(file).sites[0]?.boxes).toHaveLength(2);
});
