import { readFile } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/index.ts';
import { buildSchema } from '../../src/schema/schema.ts';

/** What stands between fences of a language in a page. */
async function blocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(new URL(`../../../../${page}`, import.meta.url), 'utf8');
  const fenced = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms');
  return [...text.matchAll(fenced)].flatMap(([, block]) => block ?? []);
}

test('every operation of the README is one that the schema takes', async () => {
  const operations = await blocks('README.md', 'graphql');
  expect(operations.length).toBeGreaterThan(1);
  for (const operation of operations) {
    expect(validate(buildSchema(), parse(operation))).toEqual([]);
  }
});

test.each([
  ['README.md', 2],
  ['docs/configuration.md', 1],
])('the configuration in %s is valid', async (page, boxes) => {
  const files = await blocks(page, 'yaml');
  expect(files).toHaveLength(1);
  for (const file of files) {
    const config = parseConfig(file, { environment: { SE5_TOKEN: '0123456789abcdef' } });
    expect(config.sites[0]?.boxes).toHaveLength(boxes);
  }
});
