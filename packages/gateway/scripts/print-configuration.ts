import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { configJsonSchema } from '../src/config/schema.ts';

/** Writes docs/configuration.md; with --check, only says whether it is what would be written. */
const file = new URL('../../../docs/configuration.md', import.meta.url);
const template = new URL('configuration-template.md', import.meta.url);

/** The place that explains a key, or all keys of a map, at length. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'boxes[].storageShare': 'data.md#boxes-share-the-room',
  'journal.sync': 'data.md#journal',
  'images.urlExpiry': 'access.md#addresses-of-pictures',
  publicUrl: 'access.md#hosts-and-origins',
  hosts: 'access.md#hosts-and-origins',
  origins: 'access.md#hosts-and-origins',
  'access.token': 'access.md#tokens',
  'access.tokens[].role': 'access.md#roles',
  'access.roles.<name>.fields': 'access.md#roles',
  'access.roles.<name>.answer': 'alarms.md#answering',
  'access.roles.<name>.operations': 'access.md#trusted-documents',
  'access.documents': 'access.md#trusted-documents',
  'access.audit': 'access.md#audit',
  wall: 'wall.md',
  'watch[].when[].days': 'alarms.md#when-a-rule-is-in-force',
  'watch[].cooldown': 'alarms.md#one-alarm-of-many-events',
  graphiql: 'access.md#graphiql-and-introspection',
  introspection: 'access.md#graphiql-and-introspection',
  limits: 'limits.md',
  slowClients: 'limits.md#slow-clients',
};

/** As much of the JSON Schema of the configuration as the page tells. */
const keySchema = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

function rowsOf(schema: unknown, path: string, isRequired: boolean): string[] {
  const {
    description,
    default: byDefault,
    properties,
    required = [],
    items,
    additionalProperties,
  } = keySchema.parse(schema);
  if (path in EXPLAINED && properties) return [row(`${path}.*`, '', description, EXPLAINED[path])];
  if (properties) {
    const before = path === '' ? '' : `${path}.`;
    return Object.entries(properties).flatMap(([key, value]) =>
      rowsOf(value, `${before}${key}`, required.includes(key)),
    );
  }
  // A list of maps is told by its items' keys.
  if (keySchema.safeParse(items).data?.properties) return rowsOf(items, `${path}[]`, false);
  // So is a map of maps that have names.
  const named = keySchema.safeParse(additionalProperties).data?.properties;
  if (named) return rowsOf(additionalProperties, `${path}.<name>`, false);
  const key = path.replace('sites[].boxes[].', 'boxes[].');
  return [row(key, isRequired ? 'required' : codeOf(byDefault), description, EXPLAINED[key])];
}

function row(key: string, value: string, description: string | undefined, place?: string): string {
  if (description === undefined) throw new TypeError(`${key} has no description: give it one`);
  const shown = place === undefined ? `\`${key}\`` : `[\`${key}\`](${place})`;
  return `| ${shown} | ${value} | ${description.replaceAll('|', '\\|')} |`;
}

function codeOf(value: unknown): string {
  if (value === undefined) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

const rows = rowsOf(configJsonSchema(), '', false);
const printed = (await readFile(template, 'utf8')).replace('{{keys}}', () => rows.join('\n'));

if (!process.argv.includes('--check')) {
  await writeFile(file, printed);
} else if ((await readFile(file, 'utf8')) !== printed) {
  console.error(
    'docs/configuration.md is not what the configuration’s schema says; run: pnpm --filter @se5/gateway generate',
  );
  process.exitCode = 1;
}
