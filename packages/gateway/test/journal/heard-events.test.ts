import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeardEvents, type Sighting } from '../../src/journal/heard-events.ts';

const at = (occurredAt: number, given: Partial<Sighting> = {}): Sighting => ({
  deviceId: toDeviceId('gate'),
  identityId: '17',
  occurredAt,
  ...given,
});

const heardAt = (...times: number[]) => {
  const heard = new HeardEvents();
  for (const time of times) heard.add(at(time));
  return heard;
};

describe('events that were heard', () => {
  it('match what happened within a millisecond, once each', () => {
    const heard = heardAt(10, 10);
    expect([9, 11, 10].map((time) => heard.take(at(time)))).toEqual([true, true, false]);
    expect([8, 12].map((time) => heardAt(10).take(at(time)))).toEqual([false, false]);
  });

  it('match nothing of another device or identity', () => {
    const heard = heardAt(10);
    expect(heard.take(at(10, { deviceId: toDeviceId('door') }))).toBe(false);
    expect(heard.take(at(10, { identityId: '' }))).toBe(false);
    expect(heard.take(at(10))).toBe(true);
  });

  it('are forgotten when nothing to come can match them', () => {
    const heard = heardAt(8, 9);
    heard.forgetBefore(10);
    expect([heard.take(at(9)), heard.take(at(9))]).toEqual([true, false]);
  });

  it('make as many matches as there can be, in the order of time', () => {
    const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 });
    fc.assert(
      fc.property(times, times, (heardTimes, stored) => {
        const heard = heardAt(...heardTimes);
        const taken = stored.toSorted((a, b) => a - b).filter((time) => heard.take(at(time)));
        expect(taken).toHaveLength(mostMatches(heardTimes, stored));
      }),
    );
  });
});

/** By trying every way there is. */
function mostMatches(heard: readonly number[], [first, ...others]: readonly number[]): number {
  if (first === undefined) return 0;
  const matches = heard.flatMap((time, index) =>
    Math.abs(time - first) <= 1 ? [1 + mostMatches(heard.toSpliced(index, 1), others)] : [],
  );
  return Math.max(mostMatches(heard, others), ...matches);
}
