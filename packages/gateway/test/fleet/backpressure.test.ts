import type { Simulator } from '@se5/simulator';
import { describe, expect, it, vi } from 'vitest';
import {
  Backpressure,
  MAX_BYTES_UNDER_WAY,
  MAX_EVENTS_UNDER_WAY,
} from '../../src/fleet/backpressure.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { Rig } from '../support/rig.ts';
import { until } from '../support/until.ts';

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

  it('that says more than the journal takes is not read, and all of it comes in its order', async () => {
    const about = 'x'.repeat(50_000);
    const sentCount = 300;
    const journal = createMemoryJournal();
    const disk = Promise.withResolvers<void>();
    const append = journal.append.bind(journal);
    const appended = vi.spyOn(journal, 'append').mockImplementation(async (entry) => {
      await disk.promise;
      return append(entry);
    });
    await using rig = await Rig.with({ journal });
    await rig.start();
    const simulator = rig.simulator();
    const sent = Array.from({ length: sentCount }, (_, at) =>
      simulator.emit({ identityId: `visitor-${at}`, identityInfo: { about } }),
    );
    // The text counts twice, as the engine may keep it.
    const allowed = MAX_BYTES_UNDER_WAY / (2 * about.length);
    await until(() => appended.mock.calls.length > 0.9 * allowed);
    // Another connection of the box is asked and answers: what would have come meanwhile has come.
    for (let asked = 0; asked < 3; asked += 1) await fetch(devicesOf(simulator));
    expect(appended.mock.calls.length).toBeLessThan(allowed + 50);
    disk.resolve();
    await rig.until(() => rig.events.length === sentCount);
    expect(rig.events.map(({ identityId }) => identityId)).toEqual(
      sent.map(({ identityId }) => identityId),
    );
  });
});

const devicesOf = ({ host, apiPort }: Simulator) =>
  `http://${host}:${apiPort}/SophonDevice/api/Devices`;
