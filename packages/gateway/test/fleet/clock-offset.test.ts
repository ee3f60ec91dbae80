import { describe, expect, it } from 'vitest';
import { ClockOffset } from '../../src/fleet/clock-offset.ts';

/** The estimate after events that were received at 0 and say these times. */
function estimateOf(occurredAt: readonly number[]): number | undefined {
  const offset = new ClockOffset();
  for (const time of occurredAt) offset.sample(time, 0);
  return offset.estimateMs;
}

const repeat = (value: number, times: number): number[] =>
  Array.from({ length: times }, () => value);

describe('the clock offset', () => {
  it('is not known before the first event', () => {
    expect(estimateOf([])).toBeUndefined();
  });

  it('is by how much the box is ahead', () => {
    expect(estimateOf([5_000])).toBe(5_000);
    expect(new ClockOffset().estimateMs).toBeUndefined();
    expect(estimateOf([-120, -80, -95])).toBe(-95);
  });

  it('is not moved by a few absurd or late events', () => {
    expect(estimateOf([...repeat(-100, 10), 9e12, -600_000, 9e12])).toBe(-100);
  });

  it('follows a clock that was set, within 16 events', () => {
    const before = repeat(3_600_000, 1_000);
    expect(estimateOf([...before, ...repeat(-90, 15)])).toBe(3_600_000);
    expect(estimateOf([...before, ...repeat(-90, 16)])).toBe(-90);
  });
});
