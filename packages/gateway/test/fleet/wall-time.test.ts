import type { Clock } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WallTime } from '../../src/fleet/wall-time.ts';

/** Its process waits for the processor each time before a clock is read: so many ms. */
class InterruptedClock implements Clock {
  readonly boot = undefined;
  instant = 0;
  originMs = 1_800_000_000_000;
  waits: number[] = [];

  now(): number {
    this.#wait();
    return Math.floor(this.originMs + this.instant);
  }

  elapsed(): number {
    this.#wait();
    return this.instant;
  }

  async sleep(): Promise<void> {}

  #wait(): void {
    this.instant += this.waits.shift() ?? 0;
  }
}

describe('the wall time of an instant', () => {
  const wait = fc.double({ min: 0, max: 500, noNaN: true });

  it('stays the same however long the process waits while it reads the clocks', () => {
    fc.assert(
      fc.property(fc.array(wait), fc.array(wait), (first, later) => {
        const clock = new InterruptedClock();
        clock.waits = first;
        const wallTime = new WallTime(clock);
        const at = wallTime.of(1_000);
        clock.waits = later;
        while (clock.waits.length > 0) expect(wallTime.of(1_000)).toBe(at);
      }),
    );
  });

  it('moves with the wall clock when that is set', () => {
    const clock = new InterruptedClock();
    const wallTime = new WallTime(clock);
    clock.originMs += 3_600_000;
    expect(wallTime.of(1_000)).toBe(1_800_003_601_000);
    clock.originMs -= 7_200_000;
    clock.waits = [0, 40, 0];
    expect(wallTime.of(1_000)).toBe(1_799_996_401_000);
  });
});
