import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeardUntil } from '../../../src/fleet/backfill/heard-until.ts';
import { BACKFILL_DEFAULTS } from '../../../src/fleet/backfill/options.ts';
import {
  isPlanned,
  type Outage,
  planReading,
  readingsOf,
} from '../../../src/fleet/backfill/reading-plan.ts';
import { ClockOffset, SAMPLES } from '../../../src/fleet/clock-offset.ts';
import type { KnownEvents } from '../../../src/fleet/fleet-sink.ts';

const DAY = 86_400_000;
/** The wall time of the instant 0. */
const ORIGIN = 1_000_000;

const options = {
  ...BACKFILL_DEFAULTS,
  clockMarginMs: 10,
  unknownClockMarginMs: 100,
  unseenClockMs: 0,
};
const nothing: KnownEvents = { newest: undefined, offsets: [], oldestAt: undefined };
const unheard = { offsets: [], newestAt: undefined };
const outage = (given: Partial<Outage> = {}): Outage => ({
  from: 1_000,
  to: 5_000,
  noted: undefined,
  isAhead: false,
  sleptMs: 0,
  ...given,
});

/** Of a box whose wall clock is ahead of ours by so much, with one live event received at this instant. */
const knownAt = (instant: number, aheadMs: number, oldestAt = 5): KnownEvents => ({
  newest: { occurredAt: ORIGIN + instant + aheadMs, receivedAt: ORIGIN + instant },
  offsets: [aheadMs],
  oldestAt,
});

/** As many samples as are kept. */
const samples = (...offsets: number[]): number[] =>
  Array.from({ length: SAMPLES }, (_, index) => offsets[index % offsets.length] ?? 0);

const readings = (
  given: Outage,
  known: KnownEvents,
  measured: Parameters<typeof planReading>[2] = unheard,
) => {
  const plan = planReading(given, known, measured, ORIGIN, options);
  // Leaves out the reading of a clock that was set right; it has a test of its own.
  const rightMs = plan?.offsets[0] ?? 0;
  return plan && { ...plan, readings: readingsOf({ ...plan, rightMs }) };
};

describe('what is read back after an outage', () => {
  it('is the outage by the clock of the box, with a margin to either side', () => {
    const measured = { offsets: samples(2_000, 1_990), newestAt: 2_995 };
    expect(readings(outage(), knownAt(995, 2_000 - ORIGIN), measured)).toMatchObject({
      from: 1_000,
      to: 5_000,
      isBounded: true,
      remembered: 2_995,
      readings: [{ from: 2_980, to: 7_010, minMs: 1_990, maxMs: 2_000, liveFrom: 6_980 }],
    });
  });

  it('is also the outage by a right clock, for the box may have been set right meanwhile', () => {
    const measured = { offsets: samples(ORIGIN + 40_000), newestAt: undefined };
    const plan = planReading(outage(), nothing, measured, ORIGIN, options);
    expect(plan && readingsOf(plan).map(({ from, to }) => [from, to])).toEqual([
      [ORIGIN + 990, ORIGIN + 5_010],
      [ORIGIN + 40_990, ORIGIN + 45_010],
    ]);
  });

  it('has a wide margin while the clock is not known, and the box is taken to be right', () => {
    expect(readings(outage(), nothing)?.readings).toMatchObject([
      { from: ORIGIN + 900, to: ORIGIN + 5_100, liveFrom: ORIGIN + 4_900 },
    ]);
  });

  it('begins with the oldest event of the journal: what is older may have been forgotten', () => {
    const heard = { offsets: samples(0), newestAt: 998 };
    const [first] = readings(outage(), knownAt(998, 0, 995), heard)?.readings ?? [];
    expect(first?.from).toBe(995);
    expect(readings(outage(), nothing, heard)?.readings[0]?.from).toBe(1_000);
  });

  it('leaves out nothing that may have been missed, however young the journal is', () => {
    const heard = { offsets: samples(40_000, 0), newestAt: 40_998 };
    const [first] = readings(outage(), knownAt(998, 0, 40_500), heard)?.readings ?? [];
    expect(first?.from).toBe(1_000);
  });

  it('begins with the last live event when nobody has noted how far the box was listened to', () => {
    expect(readings(outage({ from: undefined }), knownAt(1_000, 990))).toMatchObject({
      from: 1_000,
      readings: [{ from: ORIGIN + 1_980, to: ORIGIN + 6_000, liveFrom: ORIGIN + 5_980 }],
      remembered: ORIGIN + 1_990,
    });
  });

  it('asks whether the box still has what it said after the last note, when nothing is known from before', () => {
    const known = { newest: undefined, offsets: [0], oldestAt: ORIGIN + 2_000 };
    expect(readings(outage(), known)).toMatchObject({ remembered: ORIGIN + 2_000 });
  });

  it('is the union of what all samples say when they disagree', () => {
    const measured = { offsets: samples(40_000, 0, -60_000), newestAt: 900 };
    expect(readings(outage(), nothing, measured)?.readings).toMatchObject([
      { from: -59_000, to: 45_010, liveFrom: -55_010 },
    ]);
  });

  it('reaches to now by a right clock while few samples, which may all be late, say that the box is behind', () => {
    const late = { offsets: [ORIGIN - 20_000], newestAt: ORIGIN };
    expect(readings(outage(), nothing, late)?.readings).toMatchObject([
      { from: ORIGIN - 19_000, to: ORIGIN + 5_010, liveFrom: ORIGIN - 15_010 },
    ]);
  });

  it('is a span of its own for a sample that is out of all reason', () => {
    const measured = { offsets: samples(0, 9e12, -9e12), newestAt: 900 };
    expect(readings(outage(), nothing, measured)?.readings).toMatchObject([
      { from: 1_000 - 9e12, to: 5_010 - 9e12 },
      { from: 1_000, to: 5_010 },
      { from: 1_000 + 9e12, to: 5_010 + 9e12 },
    ]);
  });

  it('goes by what the box itself said last when what was noted is after now', () => {
    // An hour ahead then, at the instants 200 and 250 of now.
    const known = {
      newest: { occurredAt: ORIGIN + 200, receivedAt: ORIGIN + 200 + 3_600_000 },
      offsets: [-3_600_000],
      oldestAt: 5,
    };
    const [reading] = readings(outage({ isAhead: true, from: -3_500_000 }), known)?.readings ?? [];
    expect(reading?.from).toBe(ORIGIN + 190);
    expect(reading?.to).toBeGreaterThanOrEqual(ORIGIN + 5_000 + DAY);
    expect(reading?.liveFrom).toBe(ORIGIN + 190);
    // Nobody has noted anything: the same.
    expect(readings(outage({ from: undefined }), known)?.readings).toEqual([reading]);
  });

  it('begins no later than so much before now as a note is after it, however far the box is ahead', () => {
    const known = {
      newest: { occurredAt: ORIGIN + DAY, receivedAt: ORIGIN + 3_600_000 },
      offsets: [DAY],
      oldestAt: 5,
    };
    expect(readings(outage({ isAhead: true, from: -3_500_000 }), known)?.from).toBe(-3_500_000);
  });

  it('takes what an earlier process noted and heard by the wall clock of its time', () => {
    const noted = { at: ORIGIN - 3_600_000 + 1_000, originMs: ORIGIN - 3_600_000 };
    const known = {
      newest: { occurredAt: 40_995, receivedAt: ORIGIN - 3_600_000 + 995 },
      offsets: samples(40_000 - (ORIGIN - 3_600_000)),
      oldestAt: 5,
    };
    expect(readings(outage({ noted }), known)).toMatchObject({
      from: 1_000,
      readings: [{ from: 40_990, to: 45_010 }],
    });
  });

  it('reaches over all the time for which the machine slept', () => {
    const heard = { offsets: samples(40_000), newestAt: 40_995 };
    expect(readings(outage({ sleptMs: 28_800_000 }), nothing, heard)).toMatchObject({
      from: 1_000 - 28_800_000,
      readings: [{ from: 41_000, to: 45_010 + 28_800_000 }],
    });
  });

  it('can only be lost when what was noted is after now, and no event is known', () => {
    expect(readings(outage({ isAhead: true }), nothing)).toMatchObject({ isBounded: false });
  });

  it('is nothing when nobody has ever listened', () => {
    expect(readings(outage({ from: undefined }), nothing)).toBeUndefined();
  });

  it('is the past of a box to which nobody has ever listened, as far as it is asked for', () => {
    const asked = { ...options, newBoxMs: 3_000 };
    const plan = planReading(outage({ from: undefined }), nothing, unheard, ORIGIN, asked);
    expect(plan).toMatchObject({ from: 2_000, to: 5_000, isBounded: true });
    expect(plan && readingsOf(plan)).toMatchObject([{ from: ORIGIN + 1_900, to: ORIGIN + 5_100 }]);
    const noted = planReading(outage({ from: 4_000 }), nothing, unheard, ORIGIN, asked);
    expect(noted?.from).toBe(4_000);
  });
});

/** ms that pass before it, how long it takes to be heard, and by how much the box's clock is set before. */
const heardEvent = fc.record({ afterMs: fc.integer({ min: 1, max: 9_000 }), lateMs: fc.nat(300) });
const jump = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -60_000, max: 60_000 }),
  fc.integer({ min: -7_200_000, max: 7_200_000 }),
  fc.integer({ min: -20_000 * DAY, max: 20_000 * DAY }),
);

const round = fc.record({
  /** At the beginning of what is heard promptly. */
  jumpMs: jump,
  prompt: fc.array(heardEvent, { minLength: 1, maxLength: 40 }),
  /** The network stands still: said every so many ms; so many of them come, when it delivers. */
  stalled: fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 60 }),
  delivered: fc.nat(60),
  /** Said while nobody listens. */
  missed: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 }),
  /** Before which of what is not heard promptly the box's clock is set, and by how much. */
  jumpAt: fc.nat(65),
  hiddenJumpMs: jump,
  absurd: fc.constantFrom(undefined, undefined, -20_000 * DAY, 26_000 * DAY),
});

it('covers all that was missed, however the clocks are set and the network stands still', () => {
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 4 }), (rounds) => {
      const clock = new ClockOffset();
      const heardUntil = new HeardUntil();
      let instant = 1_000_000;
      let aheadMs = 0;
      let linkedAt = instant;
      const hear = (occurredAt: number) => {
        clock.sample(occurredAt, instant);
        heardUntil.event(occurredAt, instant);
      };
      for (const each of rounds) {
        aheadMs += each.jumpMs;
        for (const { afterMs, lateMs } of each.prompt) {
          instant += afterMs;
          hear(instant + aheadMs - lateMs);
        }
        if (each.absurd !== undefined) hear(instant + each.absurd);

        const gaps = [...each.stalled, ...each.missed];
        const said = gaps.map((afterMs, index) => {
          instant += afterMs;
          if (index === each.jumpAt) aheadMs += each.hiddenJumpMs;
          return instant + aheadMs;
        });
        const came = Math.min(each.delivered, each.stalled.length);
        for (const occurredAt of said.slice(0, came)) hear(occurredAt);
        const from = (heardUntil.until(linkedAt, clock.samples) ?? 0) - options.settleMs;
        instant += 1;
        linkedAt = instant;
        const plan = planReading(
          outage({ from, to: instant }),
          nothing,
          { offsets: [heardUntil.promptestMs ?? 0, ...clock.samples], newestAt: heardUntil.lastAt },
          ORIGIN,
          { ...options, clockMarginMs: 5_000 },
        );
        if (!plan) throw new Error('nothing is read');
        heardUntil.linked(clock.samples);

        // The first event that is heard again says how the clock stands now.
        instant += 1_000;
        hear(instant + aheadMs);
        const offsets = isPlanned(plan, aheadMs) ? plan.offsets : [...plan.offsets, aheadMs];
        const spans = readingsOf({ ...plan, offsets });
        for (const time of said.slice(came)) {
          expect(spans.some(({ from, to }) => from <= time && time < to)).toBe(true);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
