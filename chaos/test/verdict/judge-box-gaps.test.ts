import { expect, it } from 'vitest';
import type { Fault } from '../../src/plan/fault.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeFalseGaps } from '../../src/verdict/judge-gaps.ts';
import type { Trouble } from '../../src/world/carry-out.ts';
import { client, gap, received } from './records.ts';

const trouble = (fault: Fault, from = 100_000, to = 101_000): Trouble => ({
  fault: { ...fault, at: 0 },
  from,
  to,
});

const judge = (said: ReturnType<typeof gap>, fault: Fault, ...others: readonly Trouble[]) => {
  const events = [received(1, { gapsBefore: [said] })];
  const troubles = [trouble(fault), ...others];
  return judgeFalseGaps(journalOrder(events), [client(events)], troubles, ['lobby', 'garage']);
};

it('a gap of a box needs a reason why it could not be reached then', () => {
  const during = gap(100_500, 102_000);
  expect(judge(during, { kind: 'box cut off', box: 0 })).toEqual([]);
  expect(judge(during, { kind: 'gateway killed', downMs: 0 })).toEqual([]);
  expect(judge(during, { kind: 'box cut off', box: 1 })).toHaveLength(1);
  expect(judge(during, { kind: 'disk full', ms: 0 })).toHaveLength(1);
  expect(judge(gap(90_000, 99_000), { kind: 'box cut off', box: 0 })).toHaveLength(1);
});

it('what was in memory only, for want of a disk, goes with the gateway', () => {
  const killed: Fault = { kind: 'gateway killed', downMs: 0 };
  const before = gap(93_000, 98_000);
  expect(judge(before, killed)).toHaveLength(1);
  expect(judge(before, killed, trouble({ kind: 'disk full', ms: 0 }, 95_000, 99_000))).toEqual([]);
  expect(judge(before, killed, trouble({ kind: 'disk full', ms: 0 }, 80_000, 85_000))).toHaveLength(
    1,
  );
  expect(judge(gap(93_000, 99_990), killed)).toEqual([]);
});

it('a gap of the journal needs a disk that was full, and retention takes nothing', () => {
  const unavailable = gap(0, 1, { reason: 'JOURNAL_UNAVAILABLE', boxId: null });
  expect(judge(unavailable, { kind: 'disk full', ms: 0 })).toEqual([]);
  expect(judge(unavailable, { kind: 'gateway killed', downMs: 0 })).toHaveLength(1);
  const retention = gap(0, 1, { reason: 'RETENTION', boxId: null });
  expect(judge(retention, { kind: 'disk full', ms: 0 })).toHaveLength(1);
});
