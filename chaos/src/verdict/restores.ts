import type { Received } from '../clients/received.ts';
import type { Trouble } from '../world/carry-out.ts';

/** What an old process sent may be so long under way to a slow client, in ms. */
const UNDER_WAY_MS = 30_000;

/** Each is from the copy until a gateway has begun on it again: what came then is rolled back. */
export const restoresOf = (troubles: readonly Trouble[]): readonly Trouble[] =>
  troubles.filter(({ fault }) => fault.kind === 'journal restored');

/** Whether one who had got `previous` before may be told with the event that the cursor is unknown. */
export const isRolledBackTo = (
  restores: readonly Trouble[],
  event: Received,
  previous: Received | undefined,
): boolean =>
  restores.some(({ from, to }) => event.at >= from && (previous?.at ?? 0) <= to + UNDER_WAY_MS);

/** Whether what came then may have been of a journal that was rolled back. */
export const isRolledBack = (restores: readonly Trouble[], at: number): boolean =>
  restores.some(({ from, to }) => at >= from && at <= to + UNDER_WAY_MS);

/** What a client got of each life of the journal, up to where it was told that it is another one. */
export interface Lives {
  readonly earlier: readonly (readonly Received[])[];
  /** Begins with the oldest event kept when there was an earlier one; without the gap that says so. */
  readonly last: readonly Received[];
}

export function livesOf(received: readonly Received[], restores: readonly Trouble[]): Lives {
  const earlier: Received[][] = [];
  let last: Received[] = [];
  for (const event of received) {
    const isOther =
      event.gapsBefore.some(isUnknownCursor) && isRolledBackTo(restores, event, last.at(-1));
    if (isOther) {
      earlier.push(last);
      last = [];
    }
    const gapsBefore = isOther
      ? event.gapsBefore.filter((gap) => !isUnknownCursor(gap))
      : event.gapsBefore;
    last.push(isOther ? { ...event, gapsBefore } : event);
  }
  return { earlier, last };
}

const isUnknownCursor = ({ reason }: Received['gapsBefore'][number]): boolean =>
  reason === 'UNKNOWN_CURSOR';
