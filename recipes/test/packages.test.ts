import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readPage } from './support/page.ts';
import { TEMPLATES } from './support/templates.ts';

const PAGES = fileURLToPath(new URL('../../docs/recipes/*.md', import.meta.url));

/** What the tests themselves need. */
const OURS = new Set(['@se5/client', '@se5/gateway', '@se5/simulator', 'playwright-core', 'zod']);

const manifestSchema = z.object({ devDependencies: z.record(z.string(), z.string()) });

test('each package that is locked for recipes is one that a page or its template installs', async () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { devDependencies } = manifestSchema.parse(JSON.parse(text));
  const pages = await Promise.all(globSync(PAGES).map(readPage));
  const installed = [
    ...pages.flatMap(({ commands }) => commands.flatMap((command) => command.split(' '))),
    ...[...TEMPLATES.values()].flatMap(({ packages }) => packages),
  ].map((specifier) => specifier.replace(/@\d+$/, ''));
  const locked = Object.keys(devDependencies).filter((name) => !OURS.has(name));
  expect(locked.filter((name) => !installed.includes(name))).toEqual([]);
});
