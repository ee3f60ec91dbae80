import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { pages } from '../support/docs.ts';

it('every decision is in their index', async () => {
  const folder = new URL('../../../../docs/decisions/', import.meta.url);
  const decisions = (await readdir(folder)).filter((name) => name !== 'README.md');
  const index = await pages('decisions/README');
  expect(decisions.length).toBeGreaterThan(10);
  expect(decisions.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});
