import { describe, expect, it } from 'vitest';
import {
  Backpressure,
  MAX_BYTES_UNDER_WAY,
  MAX_EVENTS_UNDER_WAY,
} from '../../src/fleet/backpressure.ts';

/** Backpressure, what it has done, and as many events as the bound and one more. */
function setUp(count: number, bytes: number) {
  const done: string[] = [];
  const backpressure = new Backpressure({
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
  });
  const events = Array.from({ length: count + 1 }, () => Promise.withResolvers<void>());
  return {
    done,
    add: (from: number, to: number) => {
      for (const { promise } of events.slice(from, to)) backpressure.add({ bytes, taken: promise });
    },
    async take(from: number, to: number): Promise<void> {
      for (const { resolve } of events.slice(from, to)) resolve();
      await Promise.all(events.slice(from, to).map(({ promise }) => promise));
    },
  };
}

describe('a box', () => {
  it.each([
    ['events', MAX_EVENTS_UNDER_WAY, 1],
    ['bytes', 16, MAX_BYTES_UNDER_WAY / 16],
  ])(
    'is paused by its %s under way, again where it has connected anew, and goes on at half',
    async (_, count, bytes) => {
      const { done, add, take } = setUp(count, bytes);
      add(0, count - 1);
      expect(done).toEqual([]);
      add(count - 1, count + 1);
      expect(done).toEqual(['pause', 'pause']);
      await take(0, count / 2);
      expect(done).toEqual(['pause', 'pause']);
      await take(count / 2, count / 2 + 1);
      expect(done).toEqual(['pause', 'pause', 'resume']);
    },
  );
});
