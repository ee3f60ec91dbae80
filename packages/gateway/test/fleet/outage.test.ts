import { describe, expect, it } from 'vitest';
import { BACKFILL_DEFAULTS } from '../../src/fleet/backfill-options.ts';
import { planReading } from '../../src/fleet/outage.ts';

const options = {
  ...BACKFILL_DEFAULTS,
  clockMarginMs: 10,
  unknownClockMarginMs: 100,
};
const nothing = { newest: undefined, clockOffsetMs: undefined, oldestAt: undefined };
const unheard = { clockOffsetMs: undefined, isHeard: false };

describe('what is read back after an outage', () => {
  it('is the outage by the clock of the box, with a margin to either side', () => {
    const known = {
      newest: { occurredAt: 1_990, receivedAt: 990 },
      clockOffsetMs: 1_000,
      oldestAt: 5,
    };
    const measured = { clockOffsetMs: 1_000, isHeard: true };
    expect(planReading({ from: 1_000, to: 5_000 }, known, measured, options)).toEqual({
      outageFrom: 1_000,
      clockOffsetMs: 1_000,
      marginMs: 10,
      readFrom: 1_990,
      liveFrom: 5_990,
      remembered: 1_990,
    });
  });

  it('has a wide margin while the clock is not known', () => {
    expect(planReading({ from: 1_000, to: 5_000 }, nothing, unheard, options)).toMatchObject({
      readFrom: 900,
      liveFrom: 4_900,
      clockOffsetMs: 0,
    });
  });

  it('begins with the oldest event of the journal: what is older may have been forgotten', () => {
    const known = { newest: { occurredAt: 998, receivedAt: 998 }, clockOffsetMs: 0, oldestAt: 995 };
    const heard = { clockOffsetMs: 0, isHeard: true };
    expect(planReading({ from: 1_000, to: 5_000 }, known, heard, options)?.readFrom).toBe(995);
    expect(planReading({ from: 1_000, to: 5_000 }, nothing, heard, options)?.readFrom).toBe(1_000);
  });

  it('begins with the last live event when nobody has noted how far the box was listened to', () => {
    const known = {
      newest: { occurredAt: 3_000, receivedAt: 1_000 },
      clockOffsetMs: 1_990,
      oldestAt: 5,
    };
    expect(planReading({ from: undefined, to: 5_000 }, known, unheard, options)).toEqual({
      outageFrom: 1_000,
      clockOffsetMs: 1_990,
      marginMs: 10,
      readFrom: 2_980,
      liveFrom: 6_980,
      remembered: 3_000,
    });
  });

  it('ends where it begins when our clock was set back meanwhile', () => {
    const heard = { clockOffsetMs: 0, isHeard: true };
    const plan = planReading({ from: 9_000, to: 5_000 }, nothing, heard, options);
    expect(plan).toMatchObject({ outageFrom: 5_000, readFrom: 5_000 });
  });

  it('is nothing when nobody has ever listened', () => {
    expect(planReading({ from: undefined, to: 5_000 }, nothing, unheard, options)).toBeUndefined();
  });
});
