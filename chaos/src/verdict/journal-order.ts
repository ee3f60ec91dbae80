import type { Gap, Received } from '../clients/received.ts';

/** A gap in the journal, and how many events stand before it. */
export interface PlacedGap {
  readonly gap: Gap;
  readonly index: number;
}

/** All that is in the journal at the end, in its order. */
export interface JournalOrder {
  readonly events: readonly Received[];
  readonly gaps: readonly PlacedGap[];
  /** Under which the events have their places in the file; those in memory only have another one. */
  readonly epochs: ReadonlySet<string>;
}

/** @param replay what a client got that began at the beginning, when all was over. */
export const journalOrder = (replay: readonly Received[]): JournalOrder => ({
  events: replay,
  gaps: replay.flatMap(({ gapsBefore }, index) => gapsBefore.map((gap) => ({ gap, index }))),
  epochs: new Set(replay.map(({ epoch }) => epoch)),
});

export const keyOf = ({ reason, boxId, from, to }: Gap): string =>
  JSON.stringify([reason, boxId, from, to]);

/** Open ends reach as far as can be. */
export const spanOf = ({ from, to }: Gap): readonly [from: number, to: number] => [
  from === null ? Number.NEGATIVE_INFINITY : Date.parse(from),
  to === null ? Number.POSITIVE_INFINITY : Date.parse(to),
];

export const describe = ({ reason, boxId, from, to }: Gap): string =>
  `${reason} of ${boxId ?? 'no box'} from ${from} to ${to}`;
