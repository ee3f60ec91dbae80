import { type GivenRecognition, Random } from '@se5/simulator';

const HOUR_MS = 3_600_000;

/** How far back the boxes of the demonstration have stored whom they saw, in ms. */
export const PAST_MS = 24 * HOUR_MS;

/** How busy each hour of a working day is, from midnight on, in proportion to one another. */
const HOURS: readonly number[] = [
  1, 1, 1, 1, 2, 6, 18, 44, 70, 52, 36, 34, 48, 44, 31, 29, 36, 56, 40, 18, 9, 5, 3, 2,
];

/** Of 200 who pass, how many are of each type. Few open an alarm. */
const TYPES: readonly (readonly [personType: number, number: number])[] = [
  [1, 145],
  [2, 46],
  [4, 4],
  [5, 4],
  [3, 1],
];

export interface PastDayOptions {
  /** How many passed. */
  readonly count: number;
  readonly seed: number;
  /** When the day ends, in ms since the Unix epoch. */
  readonly until: number;
}

/**
 * Who passed a box in the 24 hours before a time, the oldest first. Busy hours are those of this
 * machine's clock, at all sites: the page has one time zone, and shows the curve of a day in it.
 * The n-th passes every box at about the same time, so that boxes that are read side by side are
 * read in the order of time.
 */
export function pastDay({ count, seed, until }: PastDayOptions): GivenRecognition[] {
  const random = new Random(seed, 'past day');
  const types = TYPES.flatMap(([type, number]) => Array<number>(number).fill(type));
  const from = until - PAST_MS;
  const shares = Array.from({ length: 24 }, (_, hour) => {
    const at = new Date(from + (hour + 0.5) * HOUR_MS);
    return HOURS[at.getHours()] ?? 0;
  });
  const all = shares.reduce((sum, share) => sum + share, 0);
  return Array.from({ length: count }, (_, index) => ({
    timestamp: Math.floor(
      from + HOUR_MS * hoursAt(((index + random.next()) / count) * all, shares),
    ),
    personType: random.pick(types),
  }));
}

/** After how many hours so much has passed. */
function hoursAt(amount: number, shares: readonly number[]): number {
  let rest = amount;
  for (const [hour, share] of shares.entries()) {
    if (rest < share) return hour + rest / share;
    rest -= share;
  }
  return shares.length;
}
