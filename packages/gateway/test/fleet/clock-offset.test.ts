import { describe, expect, it } from 'vitest';
import { ClockOffset, rangesOf } from '../../src/fleet/clock-offset.ts';

function offsetAfter(occurredAt: readonly number[]): ClockOffset {
  const offset = new ClockOffset();
  for (const time of occurredAt) offset.sample(time, 0);
  return offset;
}

/** The estimate after events that were received at 0 and say these times. */
const estimateOf = (occurredAt: readonly number[]): number | undefined =>
  offsetAfter(occurredAt).estimateMs;

const repeat = (value: number, times: number): number[] =>
  Array.from({ length: times }, () => value);

describe('the clock offset', () => {
  it('is not known before the first event', () => {
    expect(estimateOf([])).toBeUndefined();
  });

  it('is by how much the box is ahead', () => {
    expect(estimateOf([5_000])).toBe(5_000);
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

  it('keeps the samples of the last 31 events', () => {
    const { samples } = offsetAfter([...repeat(40_000, 100), ...repeat(5, 30)]);
    expect(samples.toSorted((a, b) => a - b)).toEqual([...repeat(5, 30), 40_000]);
  });
});

describe('the ranges of offsets', () => {
  it('are one where a network may have brought one clock’s events late', () => {
    expect(rangesOf([40_000, -60_000, 0])).toEqual([{ min: -60_000, max: 40_000 }]);
  });

  it('are several where a clock was set by more, or says nonsense', () => {
    expect(rangesOf([9e12, 0, 100, -9e12])).toEqual([
      { min: -9e12, max: -9e12 },
      { min: 0, max: 100 },
      { min: 9e12, max: 9e12 },
    ]);
  });

  it('are none without samples', () => {
    expect(rangesOf([])).toEqual([]);
  });
});
