import type { DeviceId, PersonType } from '@se5/core';
import type { BoxId, SiteId } from '../config/ids.ts';
import { QUARTER_MS } from '../zone-offset.ts';
import type { EventRecord } from './journal.ts';
import type { Recognition } from './recognition.ts';

/**
 * The quarter of an hour of a time in ms since the Unix epoch, counted from the epoch. Events are
 * counted by it: the hours and days of every time zone are made of quarters.
 */
export const quarterOf = (time: number): number => Math.trunc(time / QUARTER_MS);

export type TallyBy = 'quarter' | 'device' | 'personType';

/** How many events have something in common. */
export type Tally = TallyKey & { readonly events: number };

export type TallyKey =
  | { readonly by: 'quarter'; readonly quarter: number }
  | {
      readonly by: 'device';
      readonly siteId: SiteId;
      readonly boxId: BoxId;
      readonly deviceId: DeviceId;
    }
  | { readonly by: 'personType'; readonly personType: PersonType };

type Counted = Pick<Recognition, 'siteId' | 'boxId' | 'deviceId' | 'personType' | 'occurredAt'>;

/** The key under which an event is counted. */
function tallyKey(
  by: TallyBy,
  { siteId, boxId, deviceId, personType, occurredAt }: Counted,
): TallyKey {
  switch (by) {
    case 'quarter':
      return { by, quarter: quarterOf(occurredAt) };
    case 'device':
      return { by, siteId, boxId, deviceId };
    case 'personType':
      return { by, personType };
  }
}

/** Adds up tallies that have the same key. */
export function sumTallies(tallies: Iterable<Tally>): Tally[] {
  const sums = new Map<string, Tally>();
  for (const { events, ...key } of tallies) {
    const name = JSON.stringify(key);
    sums.set(name, { ...key, events: (sums.get(name)?.events ?? 0) + events });
  }
  return [...sums.values()];
}

/** Counts events one by one. */
export const tallyEvents = (by: TallyBy, records: Iterable<EventRecord>): Tally[] =>
  sumTallies(Iterator.from(records).map(({ event }) => ({ ...tallyKey(by, event), events: 1 })));
