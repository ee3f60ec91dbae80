import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../src/config/schema.ts';

/** As much of the JSON Schema of the configuration as names keys and their defaults. */
const sectionSchema = z.object({
  properties: z.record(z.string(), z.object({ default: z.unknown() })),
});

const fileSchema = z.object({
  properties: z.object({ limits: sectionSchema, slowClients: sectionSchema }),
});

/** Every key of the limits with its default, as it is written in a file. */
function configuredLimits(): Record<string, string> {
  const { properties } = fileSchema.parse(configJsonSchema());
  return Object.fromEntries(
    Object.entries(properties).flatMap(([section, { properties: keys }]) =>
      Object.entries(keys).map(([key, { default: value }]) => [
        `${section}.${key}`,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
}

/** The keys of these sections that the tables of the page have, with their defaults. */
async function documentedLimits(): Promise<Record<string, string>> {
  const page = await readFile(new URL('../../../../docs/limits.md', import.meta.url), 'utf8');
  const rows = page.matchAll(/^\| `((?:limits|slowClients)\.\w+)` \| `([^`]*)` \|/gm);
  return Object.fromEntries(Array.from(rows, ([, key, value]) => [key, value]));
}

it('docs/limits.md has every key of the limits, with its default', async () => {
  const configured = configuredLimits();
  expect(Object.keys(configured).length).toBeGreaterThan(20);
  expect(await documentedLimits()).toEqual(configured);
});
