import { expect, it, vi } from 'vitest';
import { SharedPages } from '../../src/fanout/shared-pages.ts';
import type { Position } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { appendAll, entry } from '../support/journals.ts';

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
  await pages.read(first);
  await pages.read(second);
  await pages.read(first);
  expect(read.mock.calls.map(([after]) => after)).toEqual([first, second, first]);
});
