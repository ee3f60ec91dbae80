import { expect, it } from 'vitest';
import type { Fault } from '../../src/plan/fault.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeFalseGaps } from '../../src/verdict/judge-gaps.ts';
import { client, gap, received } from './records.ts';

const judge = (said: ReturnType<typeof gap>, fault: Fault) => {
  const events = [received(1, { gapsBefore: [said] })];
  const trouble = { fault: { ...fault, at: 0 }, from: 100_000, to: 101_000 };
  const boxIds = ['lobby', 'garage'];
  return judgeFalseGaps(journalOrder(events), [client(events)], [trouble], boxIds);
};

it('a gap of a box needs a reason why it could not be reached then', () => {
  const during = gap(100_500, 102_000);
  expect(judge(during, { kind: 'box cut off', box: 0 })).toEqual([]);
  expect(judge(during, { kind: 'gateway killed', downMs: 0 })).toEqual([]);
  expect(judge(during, { kind: 'box cut off', box: 1 })).toHaveLength(1);
  expect(judge(during, { kind: 'disk full', ms: 0 })).toHaveLength(1);
  expect(judge(gap(90_000, 99_000), { kind: 'box cut off', box: 0 })).toHaveLength(1);
});

it('a gap of the journal needs a disk that was full, and retention takes nothing', () => {
  const unavailable = gap(0, 1, { reason: 'JOURNAL_UNAVAILABLE', boxId: null });
  expect(judge(unavailable, { kind: 'disk full', ms: 0 })).toEqual([]);
  expect(judge(unavailable, { kind: 'gateway killed', downMs: 0 })).toHaveLength(1);
  const retention = gap(0, 1, { reason: 'RETENTION', boxId: null });
  expect(judge(retention, { kind: 'disk full', ms: 0 })).toHaveLength(1);
});
