import type { Random } from '@se5/simulator';

/** Of clients, how many are hit at once at most, as a part of all. */
const LARGEST_GROUP = 0.4;

/** A whole number of ms. */
export const ms = (random: Random, low: number, high: number): number =>
  Math.round(random.between(low, high));

/** Some of so many clients, by their numbers. */
export const clientsOf = (random: Random, clients: number): readonly number[] => {
  const count = 1 + random.below(Math.max(1, Math.floor(clients * LARGEST_GROUP)));
  const all = Array.from({ length: clients }, (_, client) => ({ client, order: random.next() }));
  return all
    .toSorted((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ client }) => client);
};
