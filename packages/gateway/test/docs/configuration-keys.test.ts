import { expect, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../src/config/schema.ts';
import { pages } from '../support/docs.ts';

const mapSchema = z.object({ properties: z.record(z.string(), z.unknown()) });
const listSchema = z.object({ items: mapSchema });
const namedSchema = z.object({ additionalProperties: mapSchema });

/** Of a section, as the documentation names them: `limits.depth`. */
const keysOf = (schema: unknown, before = ''): string[] => {
  const list = listSchema.safeParse(schema).data;
  if (list && /^(?:access|watch)\b/.test(before)) return keysOf(list.items, `${before}[]`);
  const named = namedSchema.safeParse(schema).data;
  if (named) return keysOf(named.additionalProperties, `${before}.<name>`);
  const { success, data } = mapSchema.safeParse(schema);
  if (!success) return [before];
  return Object.entries(data.properties).flatMap(([key, value]) =>
    keysOf(value, before === '' ? key : `${before}.${key}`),
  );
};

it('every key of the configuration is documented, and by its name', async () => {
  const docs = await pages('configuration', 'limits');
  const keys = keysOf(configJsonSchema()).filter((key) => key !== 'sites');
  expect(keys).toContain('keepAlive');
  expect(keys).toContain('limits.messageBytes');
  expect(keys.filter((key) => !docs.includes(`\`${key}\``))).toEqual([]);
});
