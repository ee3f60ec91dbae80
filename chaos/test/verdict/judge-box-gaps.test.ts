import { expect, it } from 'vitest';
import type { Fault } from '../../src/plan/fault.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeBoxGaps } from '../../src/verdict/judge-box-gaps.ts';
import type { Trouble } from '../../src/world/carry-out.ts';
import { client, gap, received, trouble } from './records.ts';

const judge = (said: ReturnType<typeof gap>, fault: Fault, ...others: readonly Trouble[]) => {
  const events = [received(1, { gapsBefore: [said] })];
  const troubles = [trouble(fault), ...others];
  return judgeBoxGaps(journalOrder(events), [client(events)], troubles, ['lobby', 'garage']);
};

it('a gap of a box needs a reason why it could not be reached then', () => {
  const during = gap(100_500, 102_000);
  expect(judge(during, { kind: 'box cut off', box: 0 })).toEqual([]);
  expect(judge(during, { kind: 'gateway killed', gateway: 0, downMs: 0 })).toEqual([]);
  expect(judge(during, { kind: 'box cut off', box: 1 })).toHaveLength(1);
  expect(judge(during, { kind: 'disk full', ms: 0 })).toHaveLength(1);
  expect(judge(gap(90_000, 99_000), { kind: 'box cut off', box: 0 })).toHaveLength(1);
});

it('what was in memory only, for want of a disk, goes with the gateway', () => {
  const killed: Fault = { kind: 'gateway killed', gateway: 0, downMs: 0 };
  const before = gap(93_000, 97_000);
  expect(judge(before, killed)).toHaveLength(1);
  expect(judge(before, killed, trouble({ kind: 'disk full', ms: 0 }, 95_000, 99_000))).toEqual([]);
  expect(judge(before, killed, trouble({ kind: 'disk full', ms: 0 }, 80_000, 85_000))).toHaveLength(
    1,
  );
  expect(judge(gap(93_000, 99_990), killed)).toEqual([]);
  const unnoted = gap(93_000, 94_000);
  expect(judge(unnoted, killed, trouble({ kind: 'disk full', ms: 0 }, 95_000, 99_000))).toEqual([]);
});

it('what came since the copy that takes the place of the journal goes with it', () => {
  const restored: Fault = { kind: 'journal restored', isKilled: false, ms: 1_000, downMs: 0 };
  expect(judge(gap(100_500, 100_900), restored)).toEqual([]);
  expect(judge(gap(90_000, 97_000), restored)).toHaveLength(1);
  const told = [received(1, { at: 100_500, gapsBefore: [gap(100_100, 100_200)] })];
  const judgeTold = (...troubles: readonly Trouble[]) =>
    judgeBoxGaps(journalOrder([received(1)]), [client(told)], troubles, ['lobby', 'garage']);
  expect(judgeTold(trouble(restored))).toEqual([]);
  expect(judgeTold(trouble({ kind: 'box cut off', box: 0 }))).toHaveLength(1);
});
