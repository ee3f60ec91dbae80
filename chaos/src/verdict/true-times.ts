import type { Gap, Received } from '../clients/received.ts';

/** When the gateway's clock showed a time; both in ms since the Unix epoch. */
export type TrueTime = (shown: number) => number;

/** The same with the spans of all gaps by the true time: that by which it is known what was said when. */
export const inTrueTime = (received: readonly Received[], trueTime: TrueTime): Received[] =>
  received.map((event) =>
    event.gapsBefore.length === 0
      ? event
      : { ...event, gapsBefore: event.gapsBefore.map((gap) => moved(gap, trueTime)) },
  );

function moved(gap: Gap, trueTime: TrueTime): Gap {
  const end = (text: string | null) =>
    text === null ? null : new Date(trueTime(Date.parse(text))).toISOString();
  return { ...gap, from: end(gap.from), to: end(gap.to) };
}
