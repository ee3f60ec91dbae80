import { expect, it, vi } from 'vitest';
import { SharedPages } from '../../src/fanout/shared-pages.ts';
import type { Position } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { appendAll, entry, holdSqliteJournal } from '../support/journals.ts';

it('keeps no page beside one that takes all that pages may take', async () => {
  await using journal = createMemoryJournal();
  const text = 'x'.repeat(1024 * 1024);
  await appendAll(
    journal,
    Array.from({ length: 40 }, () => entry({ extra: { text } })),
  );
  const read = vi.spyOn(journal, 'read');
  const pages = new SharedPages(journal);
  const [first, second] = [0 as Position, 1 as Position];
  await pages.read(first, 'full');
  await pages.read(second, 'full');
  await pages.read(first, 'full');
  expect(read.mock.calls.map(([after]) => after)).toEqual([first, second, first]);
});

it('gives a page that was read in full to those who want less of it, and not the other way', async () => {
  await using held = await holdSqliteJournal();
  const { journal } = held;
  await appendAll(journal, [entry(), entry()]);
  const read = vi.spyOn(journal, 'read');
  const pages = new SharedPages(journal);
  const [first, second] = [0 as Position, 1 as Position];
  const full = await pages.read(first, 'full');
  expect(await pages.read(first, 'plain')).toBe(full);
  const plain = await pages.read(second, 'plain');
  expect(await pages.read(second, 'plain')).toBe(plain);
  await pages.read(second, 'full');
  expect(read.mock.calls.map(([after, , detail]) => [after, detail])).toEqual([
    [first, 'full'],
    [second, 'plain'],
    [second, 'full'],
  ]);
});
