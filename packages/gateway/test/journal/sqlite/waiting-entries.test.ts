import { describe, expect, it } from 'vitest';
import { entryBytes } from '../../../src/journal/entry-bytes.ts';
import type { JournalEntry } from '../../../src/journal/journal.ts';
import { WaitingEntries } from '../../../src/journal/sqlite/waiting-entries.ts';
import { entries, entry } from '../../support/journals.ts';

const MIB = 2 ** 20;

/** About as many MiB, of which all share the memory. */
const TEXT = 'x'.repeat(MIB / 2);
const mebibyte = () => entry({ extra: { text: TEXT } });

const bytesOf = (all: readonly JournalEntry[]) =>
  all.reduce((sum, each) => sum + entryBytes(each), 0);

function waitingOf(
  all: readonly JournalEntry[],
  bounds?: { maxEntries?: number; maxBytes?: number },
) {
  const waiting = new WaitingEntries(bounds);
  for (const each of all) waiting.add(each, entryBytes(each));
  return waiting;
}

describe('what waits for the journal’s disk', () => {
  it('is bounded in entries, and says so', () => {
    const waiting = waitingOf(entries(3), { maxEntries: 3 });
    expect(waiting.refusal(0)).toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('3 entries wait'),
    });
  });

  it('is bounded in bytes, and says so', () => {
    const all = entries(3);
    const waiting = waitingOf(all, { maxBytes: bytesOf(all) + 10 });
    expect(waiting.refusal(10)).toBeUndefined();
    expect(waiting.refusal(11)).toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining(`${bytesOf(all) + 10} bytes of entries wait`),
    });
  });

  it('takes one entry of any size while nothing else waits', () => {
    const waiting = new WaitingEntries({ maxBytes: 1_000 });
    expect(waiting.refusal(MIB)).toBeUndefined();
  });

  it('counts what is being written until it is done', () => {
    const all = entries(2);
    const waiting = waitingOf(all, { maxBytes: bytesOf(all) });
    expect(waiting.takeBatch()).toMatchObject({ bytes: bytesOf(all) });
    expect(waiting.size).toBe(0);
    expect(waiting.refusal(1)?.code).toBe('OVERLOADED');
    waiting.done();
    expect(waiting.refusal(1)).toBeUndefined();
  });

  it('goes into transactions of 500 entries, or of 4 MiB', () => {
    const many = waitingOf(entries(600));
    expect(many.hasFullBatch).toBe(true);
    expect(many.takeBatch().waiting).toHaveLength(500);
    const large = waitingOf(Array.from({ length: 6 }, mebibyte));
    expect(large.hasFullBatch).toBe(true);
    const { waiting, bytes } = large.takeBatch();
    expect(waiting).toHaveLength(3);
    expect(bytes).toBeLessThanOrEqual(4 * MIB);
    expect(large.size).toBe(3);
    const huge = waitingOf([entry({ extra: { text: TEXT.repeat(5) } }), entry()]);
    expect(huge.takeBatch().waiting).toHaveLength(1);
  });
});
