import { describe, expect, it } from 'vitest';
import { PendingGaps } from '../../src/fanout/pending-gaps.ts';
import type { Gap } from '../../src/journal/gap.ts';
import { boxId, gap } from '../support/recognitions.ts';

const gapOf = (box: string, from: number, given: Partial<Gap> = {}): Gap =>
  gap({ from, to: from + 1, boxId: boxId(box), ...given });

describe('the gaps that were not told yet', () => {
  it('are told in the order in which they came', () => {
    const gaps = new PendingGaps();
    const [first, second] = [gapOf('a', 0), gapOf('b', 5)];
    gaps.add(first);
    gaps.add(second);
    expect(gaps.all).toEqual([first, second]);
  });

  it('stay bounded, and still cover everything, when nothing carries them for long', () => {
    const gaps = new PendingGaps();
    for (let hour = 0; hour < 1_000; hour += 1) {
      gaps.add(gapOf('a', hour));
      gaps.add(gapOf('b', hour));
    }
    const told = gaps.all;
    expect(told).toHaveLength(100);
    for (const box of ['a', 'b']) {
      const own = told.filter((gap) => gap.boxId === box);
      expect(own.slice(0, -1)).toEqual(own.slice(0, -1).map((_, hour) => gapOf(box, hour)));
      expect(own.at(-1)).toEqual(gapOf(box, 49, { to: 1_000 }));
    }
  });

  it('joins only what has the same reason and box, and adds up what is known', () => {
    const gaps = new PendingGaps();
    for (let i = 0; i < 99; i += 1) gaps.add(gapOf('a', i));
    const retention = { reason: 'RETENTION', boxId: null } as const;
    gaps.add(gapOf('a', 200, { ...retention, count: 4 }));
    gaps.add(gapOf('a', 300, { ...retention, count: 5 }));
    gaps.add(gapOf('b', 400));
    expect(gaps.all.slice(99)).toEqual([
      gapOf('a', 200, { ...retention, count: 9, to: 301 }),
      gapOf('b', 400),
    ]);
  });
});
