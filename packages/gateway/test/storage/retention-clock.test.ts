import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetentionClock } from '../../src/storage/retention-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A machine's clocks, moved by hand. */
function machine() {
  const times = { wall: 1_000 * DAY, instant: 0 };
  return {
    times,
    now: () => times.wall,
    elapsed: () => times.instant,
    boot: undefined,
    sleep: () => Promise.reject(new Error('nobody sleeps by this clock')),
    pass(ms: number) {
      times.wall += ms;
      times.instant += ms;
    },
    jump(ms: number) {
      times.wall += ms;
    },
  };
}

function watched(lastAt?: number) {
  const clock = machine();
  const steps: number[] = [];
  const retention = new RetentionClock(clock, lastAt, (aheadMs) => steps.push(aheadMs));
  return { clock, steps, retention };
}

describe('the time by which old data goes', () => {
  it('stays where it was while the wall clock is ahead for less than an hour', () => {
    const { clock, steps, retention } = watched();
    const before = retention.now();
    clock.jump(40 * DAY);
    expect(retention.now()).toBe(before);
    clock.pass(6_000);
    expect(retention.now()).toBe(before + 6_000);
    clock.jump(-40 * DAY);
    expect(retention.now()).toBe(before + 6_000);
    expect(steps).toEqual([40 * DAY]);
  });

  it('is whole, as the file wants it, whatever part of a ms has passed', () => {
    const { clock, retention } = watched(999 * DAY);
    clock.pass(0.4);
    expect(retention.now()).toBe(999 * DAY);
  });

  it('follows a step that has lasted an hour', () => {
    const { clock, retention } = watched();
    clock.jump(DAY);
    retention.now();
    clock.pass(HOUR);
    expect(retention.now()).toBe(clock.now());
  });

  it('begins a new hour with each further step', () => {
    const { clock, steps, retention } = watched();
    for (let step = 1; step <= 5; step += 1) {
      clock.jump(DAY);
      expect(retention.now()).toBeLessThan(clock.now() - (step - 1) * DAY);
      clock.pass(HOUR - 1);
    }
    expect(steps).toHaveLength(5);
  });

  it('follows a step back, and a correction by seconds, at once', () => {
    const { clock, steps, retention } = watched();
    clock.jump(-DAY);
    expect(retention.now()).toBe(clock.now());
    clock.jump(30_000);
    expect(retention.now()).toBe(clock.now());
    expect(steps).toEqual([]);
  });

  it('begins with the newest data when that is more than an hour old', () => {
    const lastAt = 990 * DAY;
    const { clock, steps, retention } = watched(lastAt);
    expect(retention.now()).toBe(lastAt);
    expect(steps).toEqual([10 * DAY]);
    clock.pass(HOUR);
    expect(retention.now()).toBe(clock.now());
  });

  it('begins with the wall clock when the newest data is of the last hour, or seems newer than now', () => {
    for (const lastAt of [1_000 * DAY - HOUR, 1_001 * DAY]) {
      const { clock, retention } = watched(lastAt);
      expect(retention.now()).toBe(clock.now());
    }
  });

  it('is never ahead of the true time while no wrong step lasts an hour', () => {
    const step = fc.record({
      jump: fc.integer({ min: -100 * DAY, max: 100 * DAY }),
      lasts: fc.integer({ min: 0, max: HOUR - 1 }),
      right: fc.integer({ min: HOUR, max: DAY }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { clock, retention } = watched();
        const trueTime = () => 1_000 * DAY + clock.times.instant;
        for (const { jump, lasts, right } of steps) {
          clock.jump(jump);
          // A correction by less than a minute is believed.
          expect(retention.now()).toBeLessThanOrEqual(trueTime() + 60_000);
          clock.pass(lasts);
          expect(retention.now()).toBeLessThanOrEqual(trueTime() + 60_000);
          clock.jump(-jump);
          clock.pass(right);
          retention.now();
        }
      }),
    );
  });
});
