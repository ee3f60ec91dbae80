import { expect, it } from 'vitest';
import type { Gap } from '../../src/clients/received.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeJournalGaps } from '../../src/verdict/judge-journal-gaps.ts';
import { client, gap, received, trouble, whats } from './records.ts';

const full = trouble({ kind: 'disk full', ms: 0 });
const killed = trouble({ kind: 'gateway killed', gateway: 0, downMs: 0 });

const unavailable = (from: number, to: number): Gap =>
  gap(from, to, { reason: 'JOURNAL_UNAVAILABLE', boxId: null });

const own = [received(0), received(1), received(2)];

/** To a client that got the gap with its second event, so late. */
const told = (said: Gap, at: number, epoch = 'file') =>
  judgeJournalGaps(
    journalOrder(own),
    [client([received(0, { epoch }), received(1, { at, gapsBefore: [said] })])],
    [full, killed],
  );

it('a gap of the journal that a client is told needs a disk that was full', () => {
  expect(told(unavailable(0, 1), 100_500)).toEqual([]);
  expect(told(unavailable(0, 1), 160_000)).toEqual([]);
  expect(whats(told(unavailable(0, 1), 90_000))).toEqual([
    expect.stringContaining('no full disk, no copy and no deleted log explains it'),
  ]);
  expect(told(unavailable(0, 1), 300_000)).toHaveLength(1);
});

it('may come late to a client whose last event was in memory only', () => {
  expect(told(unavailable(0, 1), 300_000, 'memory')).toEqual([]);
});

it('that is in the journal needs a disk that was full then', () => {
  const judge = (said: Gap) => {
    const events = [received(0), received(1, { gapsBefore: [said] })];
    return judgeJournalGaps(journalOrder(events), [client(events)], [full, killed]);
  };
  expect(judge(unavailable(100_200, 100_800))).toEqual([]);
  expect(judge(unavailable(200_000, 200_800))).toHaveLength(1);
});

it('retention takes nothing', () => {
  expect(told(gap(0, 1, { reason: 'RETENTION', boxId: null }), 100_500)).toHaveLength(1);
});

it('an unknown cursor needs a copy that took the journal’s place since the last event', () => {
  const restored = trouble({ kind: 'journal restored', isKilled: true, ms: 1_000, downMs: 0 });
  const unknown: Gap = { reason: 'UNKNOWN_CURSOR', boxId: null, from: null, to: null, count: null };
  const judge = (previousAt: number, at: number) => {
    const events = [received(0, { at: previousAt }), received(1, { at, gapsBefore: [unknown] })];
    return whats(judgeJournalGaps(journalOrder(own), [client(events)], [restored]));
  };
  expect(judge(100_500, 400_000)).toEqual([]);
  expect(judge(90_000, 99_000)).toHaveLength(1);
  expect(judge(300_000, 400_000)).toHaveLength(1);
});

it('a deleted log explains a gap that begins before its end, however late that is told', () => {
  const deleted = trouble({ kind: 'stream deleted' });
  const judge = (said: Gap, at: number) => {
    const events = [received(0), received(1, { at, gapsBefore: [said] })];
    return judgeJournalGaps(journalOrder(own), [client(events)], [deleted]);
  };
  const since = (from: number): Gap => ({ ...unavailable(from, 0), to: null });
  expect(judge(since(100_500), 900_000)).toEqual([]);
  expect(judge(since(101_500), 900_000)).toHaveLength(1);
  expect(judge(since(90_000), 99_000)).toHaveLength(1);
  const unknown: Gap = { reason: 'UNKNOWN_CURSOR', boxId: null, from: null, to: null, count: null };
  expect(judge(unknown, 102_000)).toHaveLength(1);
});
