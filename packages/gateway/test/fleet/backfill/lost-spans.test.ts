import { setImmediate as nextTurn } from 'node:timers/promises';
import { BoxError, type StoredEvent, toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backfill } from '../../../src/fleet/backfill/backfill.ts';
import { BACKFILL_DEFAULTS } from '../../../src/fleet/backfill/options.ts';
import type { BackfillStatus } from '../../../src/fleet/directory.ts';
import { Slots } from '../../../src/slots.ts';
import { InstantClock } from '../../support/instant-clock.ts';
import { boxEvent } from '../../support/recognitions.ts';

const stored = (occurredAt: number): StoredEvent => ({
  ...boxEvent({ deviceId: toDeviceId('gate'), occurredAt }),
  pictures: {},
});

const options = { ...BACKFILL_DEFAULTS, retryMs: [1_000], maxEvents: 3 };

/** What becomes of a question: `forget` loses the older half of all that is stored before it is answered. */
const answer = fc.constantFrom('ok', 'ok', 'ok', 'fail', 'forget', 'unreadable', 'missing');

const outages = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 20_000 }),
    downMs: fc.integer({ min: 1, max: 30_000 }),
    /** When events are missed, as parts of the outage. */
    missed: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    /** How far the box turns out to be from where its clock was taken to be. */
    offsetMs: fc.constantFrom(undefined, 0, -20_000, 20_000),
  }),
  { minLength: 1, maxLength: 4 },
);

it('never overlap, and hold all that was missed and not read back; COMPLETE is said of what was read', async () => {
  await fc.assert(
    fc.asyncProperty(outages, fc.array(answer, { maxLength: 40 }), async (given, answers) => {
      const left = [...answers];
      const clock = new InstantClock(1_000_000);
      const lost: { readonly from: number; readonly to: number }[] = [];
      const taken = new Set<number>();
      const statuses: BackfillStatus[] = [];
      const faults: unknown[] = [];
      let inStore: number[] = [clock.elapsed() - 1];
      const heardAt = clock.elapsed() - 1;
      await using backfill = new Backfill(options.retryMs, clock, {
        known: async () => ({ newest: undefined, offsets: [], oldestAt: 0 }),
        begun() {},
        originMs: () => clock.originMs,
        context: (handlers) => ({
          ...handlers,
          box: {
            async *storedEvents({ from, to, unreadable }) {
              const how = left.shift() ?? 'ok';
              if (how === 'fail') throw new BoxError('TIMEOUT', 'no answer');
              if (how === 'missing') throw new BoxError('NOT_SUPPORTED', 'no such endpoint');
              if (how === 'forget') inStore = inStore.slice(inStore.length / 2);
              const found = inStore.filter((time) => time >= from && time < to);
              if (how === 'unreadable' && found.length > 0) {
                unreadable?.(new BoxError('INVALID_EVENT', 'no time'));
                found.shift();
              }
              for (const time of found) yield stored(time);
            },
            picture: () => Promise.reject(new Error('no event has one')),
          },
          devices: undefined,
          sink: {
            take: async ({ events }) => {
              for (const { occurredAt } of events) taken.add(occurredAt);
              return events.length;
            },
          },
          slots: new Slots(1),
          clock,
          options,
          wantedPictures: () => ({ live: false, registered: false }),
          unreadable: () => {},
          spoiltPicture: () => {},
          admits: () => true,
          refused: () => {},
        }),
        status: (status) => statuses.push(status),
        lost: (from, to) => lost.push({ from, to }),
        fault: (error) => faults.push(error),
      });
      const isEnded = () => statuses.at(-1)?.state !== 'RUNNING';
      const untilEnded = async (atLeast: number) => {
        while (statuses.length < atLeast || !isEnded()) await nextTurn();
      };
      for (const { afterMs, downMs, missed, offsetMs } of given) {
        clock.pass(afterMs);
        const begin = clock.elapsed();
        const all = missed
          .map((part) => Math.floor(begin + part * (downMs - 1)))
          .toSorted((a, b) => a - b);
        inStore.push(...all);
        clock.pass(downMs);
        const before = statuses.length;
        backfill.missed(
          {
            from: begin - options.settleMs,
            to: clock.elapsed(),
            noted: undefined,
            isAhead: false,
            sleptMs: 0,
          },
          { offsets: [0], newestAt: heardAt },
        );
        await untilEnded(before + 2);
        if (offsetMs !== undefined) backfill.heard(offsetMs);
        // What is read again begins a turn later.
        await nextTurn();
        await untilEnded(0);

        const isLost = (time: number) => lost.some(({ from, to }) => from <= time && time <= to);
        expect(all.filter((time) => !taken.has(time) && !isLost(time))).toEqual([]);
        if (all.some((time) => !taken.has(time))) {
          expect(statuses.at(-1)?.state).toBe('INCOMPLETE');
        }
      }
      for (const [index, { from, to }] of lost.entries()) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThanOrEqual(lost[index - 1]?.to ?? 0);
      }
      expect(faults).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
