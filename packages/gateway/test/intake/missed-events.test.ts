import type { StoredEvent } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredSpan } from '../../src/fleet/fleet-sink.ts';
import { type EventsOfBox, MissedEvents } from '../../src/intake/missed-events.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { boxEvent, boxId, recognition } from '../support/recognitions.ts';

const lobby = boxId('lobby');

/** Nothing waits for the journal. */
const caughtUp = async () => {};

const stored = (occurredAt: number): StoredEvent => ({ ...boxEvent({ occurredAt }), pictures: {} });

const span = (from: number, to: number, times: readonly number[]): StoredSpan => ({
  from,
  to,
  events: times.filter((time) => time >= from && time < to).map(stored),
  liveFrom: Number.POSITIVE_INFINITY,
  pictures: async () => ({}),
});

async function setUp(heard: readonly number[]) {
  const journal = createMemoryJournal();
  for (const occurredAt of heard) {
    await journal.append({ kind: 'event', event: recognition({ boxId: lobby, occurredAt }) });
  }
  const missed: number[] = [];
  const append: EventsOfBox['append'] = async ({ occurredAt }) => {
    missed.push(occurredAt);
    const event = recognition({ boxId: lobby, occurredAt, delivery: 'BACKFILLED' });
    await journal.append({ kind: 'event', event });
  };
  const fillIn = new MissedEvents(lobby, journal, { caughtUp, append });
  return { journal, fillIn, missed, append };
}

describe('filling in', () => {
  it('leaves out what the journal has, and says how many it had not', async () => {
    const { fillIn, missed } = await setUp([1, 3]);
    expect(await fillIn.take(span(0, 10, [1, 5, 9]))).toBe(2);
    expect(missed).toEqual([5, 9]);
  });

  it('comes to the same however the span is cut, and does nothing the second time', async () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 })
      .map((list) => list.toSorted((a, b) => a - b));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(times, times, cuts, async (heard, inStore, given) => {
        const whole = await setUp(heard);
        await whole.fillIn.take(span(0, 31, inStore));

        const { journal, fillIn, missed } = await setUp(heard);
        const bounds = [0, ...given.toSorted((a, b) => a - b), 31];
        for (const [index, from] of bounds.slice(0, -1).entries()) {
          await fillIn.take(span(from, bounds[index + 1] ?? 31, inStore));
        }
        expect(missed).toEqual(whole.missed);

        const unexpected = async () => expect.unreachable();
        const again = new MissedEvents(lobby, journal, { caughtUp, append: unexpected });
        expect(await again.take(span(0, 31, inStore))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('knows late what it has filled in and may still come live, once each', async () => {
    const { fillIn } = await setUp([]);
    await fillIn.take({ ...span(0, 10, [4, 6]), liveFrom: 5 });
    const isLate = [4, 6, 6].map((occurredAt) => fillIn.isLate(boxEvent({ occurredAt })));
    expect(isLate).toEqual([false, true, false]);
  });

  it('takes no event twice that comes live while the journal is read', async () => {
    const { journal, missed } = await setUp([10]);
    const history = journal.history.bind(journal);
    const lates: boolean[] = [];
    const reading = Object.assign(Object.create(journal), {
      history: async (query: Parameters<typeof history>[0]) => {
        const page = await history(query);
        for (const occurredAt of [20, 30]) lates.push(fillIn.isLate(boxEvent({ occurredAt })));
        return page;
      },
    });
    const append: EventsOfBox['append'] = async ({ occurredAt }) => {
      missed.push(occurredAt);
    };
    const fillIn = new MissedEvents(lobby, reading, { caughtUp, append });
    expect(await fillIn.take({ ...span(0, 50, [10, 20, 40]), liveFrom: 5 })).toBe(2);
    expect(missed).toEqual([20, 40]);
    expect(lates).toEqual([true, false]);
    // That was heard, that was dropped, that comes late, that is another one.
    const isLate = [10, 20, 40, 40].map((occurredAt) => fillIn.isLate(boxEvent({ occurredAt })));
    expect(isLate).toEqual([false, false, true, false]);
  });

  it('has done nothing when the journal cannot be read', async () => {
    const { journal, missed } = await setUp([1]);
    const history = journal.history.bind(journal);
    let failures = 1;
    const failing = Object.assign(Object.create(journal), {
      history: (query: Parameters<typeof history>[0]) => {
        failures -= 1;
        return failures < 0 ? history(query) : Promise.reject(new Error('no disk'));
      },
    });
    const append: EventsOfBox['append'] = async ({ occurredAt }) => {
      missed.push(occurredAt);
    };
    const fillIn = new MissedEvents(lobby, failing, { caughtUp, append });
    await expect(fillIn.take({ ...span(0, 10, [1, 5]), liveFrom: 0 })).rejects.toThrow('no disk');
    expect(fillIn.isLate(boxEvent({ occurredAt: 5 }))).toBe(false);
    expect(await fillIn.take(span(0, 10, [1, 5]))).toBe(1);
    expect(missed).toEqual([5]);
  });

  it('keeps what came live while the journal could not be read, and was dropped for it', async () => {
    const { journal, append, missed } = await setUp([1]);
    const history = journal.history.bind(journal);
    let isReadable = false;
    const failing = Object.assign(Object.create(journal), {
      history: async (query: Parameters<typeof history>[0]) => {
        if (isReadable) return history(query);
        expect(fillIn.isLate(boxEvent({ occurredAt: 5 }))).toBe(true);
        throw new Error('no disk');
      },
    });
    const fillIn = new MissedEvents(lobby, failing, { caughtUp, append });
    const given = { ...span(0, 10, [1, 5, 8]), liveFrom: 4 };
    await expect(fillIn.take(given)).rejects.toThrow('no disk');
    expect(missed).toEqual([5]);
    expect([5, 8].map((at) => fillIn.isLate(boxEvent({ occurredAt: at })))).toEqual([false, false]);
    isReadable = true;
    expect(await fillIn.take(given)).toBe(1);
    expect(missed).toEqual([5, 8]);
  });
});
