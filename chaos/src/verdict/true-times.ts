import type { Gap, Received } from '../clients/received.ts';

/**
 * When the gateway's clock showed a time, and not after another; all in ms since the Unix epoch.
 * Without the latter: it is not known.
 */
export type TrueTime = (shown: number, notAfter?: number) => number;

/** The same with the spans of all gaps by the true time: that by which it is known what was said when. */
export const inTrueTime = (received: readonly Received[], trueTime: TrueTime): Received[] =>
  received.map((event) =>
    event.gapsBefore.length === 0
      ? event
      : { ...event, gapsBefore: event.gapsBefore.map((gap) => moved(gap, trueTime)) },
  );

/**
 * A span may begin long before the run: a clock that was set forward looks like a machine that slept,
 * and then what the box said before is looked for too. It ends within the run.
 */
function moved(gap: Gap, trueTime: TrueTime): Gap {
  const to = gap.to === null ? undefined : trueTime(Date.parse(gap.to));
  const from = gap.from === null ? undefined : trueTime(Date.parse(gap.from), to);
  return { ...gap, from: textOf(from), to: textOf(to) };
}

const textOf = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
