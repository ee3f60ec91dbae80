import { LATEST_MS, type OffsetRange, rangesOf, SAMPLES } from '../clock-offset.ts';
import type { KnownEvents } from '../fleet-sink.ts';
import type { BackfillOptions } from './options.ts';
import type { Span } from './spans.ts';

/** A box ahead of ours by more than a day shows it by its next event. */
const UNKNOWN_AHEAD_MS = 86_400_000;

/** What an earlier process noted by the wall clock of its time. */
export interface Noted {
  /** ms since the Unix epoch. */
  readonly at: number;
  /** The wall time of the instant 0, as the wall clock stood then. */
  readonly originMs: number;
}

/** A time in which a box was not listened to, in instants. */
export interface Outage {
  /** Up to when all that it said was heard; undefined when nobody has noted that. */
  readonly from: number | undefined;
  readonly to: number;
  /** Where an earlier process noted `from`. */
  readonly noted: Noted | undefined;
  /** What an earlier process noted was after now: `from` proves nothing, since the clock was set. */
  readonly isAhead: boolean;
  /**
   * By so much more wall time than elapsed time passed during the outage, in ms: the machine slept,
   * which stops its monotonic clock, or its wall clock was set forward. Nothing tells the two apart.
   */
  readonly sleptMs: number;
}

/** What was measured of a box before its outage ended: in this process, else by an earlier one. */
export interface Measured {
  /** By how much its clock is ahead of our elapsed time, as the latest events say, in ms. */
  readonly offsets: readonly number[];
  /** When the last event occurred that was heard before the outage, by the box's clock. */
  readonly newestAt: number | undefined;
}

/** What is to be read back for an outage, whatever becomes known of the box's clock. */
export interface ReadingPlan {
  /** Of the outage, in instants: the earliest from which something may be missed. */
  readonly from: number;
  readonly to: number;
  /** The instant that the offsets bring to the box's time from which on it is read. */
  readonly readFrom: number;
  /** By how much the box's clock may have been ahead of our elapsed time during the outage, in ms. */
  readonly offsets: readonly number[];
  /** Offsets that differ by at most so much leave everything between them possible too, in ms. */
  readonly joinMs: number;
  /** The offset of a clock that is right: the box's may have been set right during the outage. */
  readonly rightMs: number;
  readonly marginMs: number;
  /** So far from all these offsets, to either side, the clock may have been unseen, in ms. */
  readonly unseenMs: number;
  /** By so much, the outage begins before the time up to which the box was heard, in ms. */
  readonly underWayMs: number;
  /** By the box's clock: older events may have been heard and forgotten. */
  readonly keptFrom: number;
  /** By the box's clock: when an event occurred that it has stored, if it remembers that far back. */
  readonly remembered: number | undefined;
  /** False when nobody can say where the outage began: it is lost, whatever is read. */
  readonly isBounded: boolean;
}

/** A span to read, by the box's clock, and the offsets that it stands for. */
export interface Reading extends Span {
  readonly minMs: number;
  readonly maxMs: number;
  /** From here on, events may have come live too. */
  readonly liveFrom: number;
}

/**
 * @param originMs The wall time of the instant 0, as the wall clock stands now.
 * @returns undefined when nothing can have been missed: nobody has ever listened to the box, and its
 *   past is not asked for.
 */
export function planReading(
  outage: Outage,
  known: KnownEvents,
  measured: Measured,
  originMs: number,
  options: BackfillOptions,
): ReadingPlan | undefined {
  const { newest } = known;
  const isHeard = measured.offsets.length > 0;
  const knownOriginMs = outage.noted?.originMs ?? originMs;
  const receivedAt = newest && newest.receivedAt - knownOriginMs;
  const newFrom = options.newBoxMs > 0 ? outage.to - options.newBoxMs : undefined;
  const from = outage.from ?? receivedAt ?? newFrom;
  if (from === undefined) return undefined;
  const wasSet = outage.isAhead || (!isHeard && receivedAt !== undefined && receivedAt > outage.to);
  const { sleptMs } = outage;
  const begin = Math.min(from, outage.to);
  const plan = {
    from: begin - sleptMs,
    readFrom: begin,
    to: outage.to,
    joinMs: sleptMs > 0 ? Number.POSITIVE_INFINITY : LATEST_MS,
    rightMs: originMs,
    unseenMs: options.unseenClockMs,
    underWayMs: options.settleMs,
    keptFrom: keptFrom(known, measured),
    // A box that was first heard after the last note: its oldest known event serves as well.
    remembered: measured.newestAt ?? newest?.occurredAt ?? known.oldestAt,
    isBounded: true,
  };
  if (wasSet && newest)
    return {
      ...plan,
      ...sinceEvent(newest.occurredAt, outage, originMs),
      marginMs: options.clockMarginMs,
    };
  const offsets = measuredOffsets(known, measured, knownOriginMs, originMs);
  if (offsets.length > 0 && !wasSet) {
    return { ...plan, offsets: aroundSleep(offsets, sleptMs), marginMs: options.clockMarginMs };
  }
  // A box whose clock nobody knows is taken to be right.
  return {
    ...plan,
    offsets: aroundSleep([originMs - sleptMs], sleptMs),
    marginMs: options.unknownClockMarginMs,
    isBounded: !wasSet,
  };
}

/** The same with an outage that ended later, during which the machine may have slept. */
export const extended = (plan: ReadingPlan, to: number, sleptMs: number): ReadingPlan => ({
  ...plan,
  from: plan.from - sleptMs,
  to: Math.max(plan.to, to),
  ...(sleptMs > 0 && {
    joinMs: Number.POSITIVE_INFINITY,
    // All between them is read too.
    offsets: [Math.min(...plan.offsets), Math.max(...plan.offsets) + sleptMs],
  }),
});

/** While the machine slept, the box's clock went on. */
const aroundSleep = (offsets: readonly number[], sleptMs: number): readonly number[] =>
  sleptMs > 0 ? [...offsets, ...offsets.map((each) => each + sleptMs)] : offsets;

/**
 * Of this process, else also of those before. Few samples may all be late: then the box's clock may
 * be right though it seems to be behind, which costs a look at times that it has not reached yet.
 */
function measuredOffsets(
  known: KnownEvents,
  measured: Measured,
  knownOriginMs: number,
  originMs: number,
): number[] {
  const isMeasured = measured.offsets.length >= SAMPLES;
  const journalled = isMeasured ? [] : known.offsets.map((each) => each + knownOriginMs);
  const offsets = [...measured.offsets, ...journalled];
  const isBehind = offsets.length > 0 && Math.max(...offsets) < originMs;
  return isBehind && offsets.length < SAMPLES ? [...offsets, originMs] : offsets;
}

/**
 * No time of our wall clock is worth anything: the box said what was missed after the last event
 * that was heard, and its own clock stands anywhere from there to a day ahead of ours.
 */
function sinceEvent(occurredAt: number, outage: Outage, originMs: number) {
  const byBox = occurredAt - originMs;
  const latest = Math.min((outage.isAhead ? undefined : outage.from) ?? byBox, outage.to);
  const leastMs = occurredAt - latest;
  return {
    from: Math.min(outage.from ?? latest, latest),
    readFrom: latest,
    offsets: [leastMs, Math.max(leastMs, originMs + UNKNOWN_AHEAD_MS)],
    joinMs: Number.POSITIVE_INFINITY,
  };
}

/**
 * What is older than the oldest event in the journal may have been heard and forgotten again:
 * nobody could tell it from what was missed. Since the newest, nothing was heard.
 */
function keptFrom({ newest, oldestAt }: KnownEvents, measured: Measured): number {
  const newestAt = measured.newestAt ?? newest?.occurredAt;
  if (newestAt !== undefined && oldestAt !== undefined) return Math.min(oldestAt, newestAt);
  return newestAt === undefined ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/**
 * What has to be read, ascending: for each range of offsets, all that the box may have said during
 * the outage by any of them; and what it said if its clock was set right meanwhile. Reading too
 * much does no harm: what was heard is in the journal.
 */
export function readingsOf(plan: ReadingPlan): Reading[] {
  const readings = rangesOf(plan.offsets, plan.joinMs).map((range) => readingOf(plan, range));
  if (readings.some((reading) => covers(plan, reading, plan.rightMs))) return readings;
  const right = readingOf(plan, { min: plan.rightMs, max: plan.rightMs });
  return [...readings, right].toSorted((one, other) => one.from - other.from);
}

/**
 * The same, and what the box said if its clock was set wrong and set right again meanwhile. Not what
 * may have been heard and forgotten.
 */
export const sweepsOf = (plan: ReadingPlan): Reading[] =>
  readingsOf(plan).map(({ from, to, minMs, maxMs, liveFrom }) => ({
    from: Math.min(from, Math.max(from - plan.unseenMs, plan.keptFrom)),
    to: to + plan.unseenMs,
    minMs: minMs - plan.unseenMs,
    maxMs: maxMs + plan.unseenMs,
    liveFrom: liveFrom - plan.unseenMs,
  }));

function readingOf({ readFrom, to, joinMs, marginMs, keptFrom }: ReadingPlan, range: OffsetRange) {
  const { min, max } = range;
  const begin = Math.floor(Math.max(readFrom + min - marginMs, Math.min(keptFrom, readFrom + min)));
  const isUnknown = joinMs === Number.POSITIVE_INFINITY;
  return {
    from: begin,
    to: Math.ceil(to + max + marginMs),
    minMs: min,
    maxMs: max,
    liveFrom: isUnknown ? begin : to + min - marginMs,
  };
}

/** What holds from this time on: for all readings that reach over it, up to where one more does. */
export function readingAt(time: number, readings: readonly Reading[]): Reading {
  const here = readings.filter(({ from, to }) => from <= time && time < to);
  const later = readings.filter(({ from }) => from > time);
  return {
    from: time,
    to: Math.min(...here.map(({ to }) => to), ...later.map(({ from }) => from)),
    minMs: Math.min(...here.map(({ minMs }) => minMs)),
    maxMs: Math.max(...here.map(({ maxMs }) => maxMs)),
    liveFrom: Math.min(...here.map(({ liveFrom }) => liveFrom)),
  };
}

/** An event that came late makes an offset seem less than it is. */
const covers = (plan: ReadingPlan, { from, to }: Reading, offsetMs: number): boolean =>
  from <= plan.readFrom + plan.underWayMs / 2 + offsetMs &&
  plan.to + offsetMs <= to - plan.marginMs / 2;

/** Whether what the box said by this offset is read as it is planned. */
export const isPlanned = (plan: ReadingPlan, offsetMs: number): boolean =>
  readingsOf(plan).some((reading) => covers(plan, reading, offsetMs));
