import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { appendAll, entry } from '../support/journals.ts';

describe('the memory journal', () => {
  it('refuses to keep less than one record', () => {
    expect(() => createMemoryJournal({ maxRecords: 0 })).toThrow(RangeError);
    expect(() => createMemoryJournal({ maxRecords: 2.5 })).toThrow(RangeError);
  });

  it('keeps no more bytes than its bound, but always the newest record', async () => {
    const large = () => entry({ extra: { text: 'x'.repeat(1_000) } });
    await using journal = createMemoryJournal({ maxBytes: 15_000 });
    const before = journal.newest;
    const records = await appendAll(journal, Array.from({ length: 10 }, large));
    const page = await journal.read(before, 100);
    expect(page.records).toEqual(records.slice(-page.records.length));
    expect(page.records.length).toBeGreaterThan(1);
    expect(page.records.length).toBeLessThan(6);
    expect(page.gap).toMatchObject({ reason: 'RETENTION', count: 10 - page.records.length });
    const huge = entry({ extra: { text: 'x'.repeat(10_000) } });
    const record = await journal.append(huge);
    expect((await journal.read(before, 100)).records).toEqual([record]);
  });
});
