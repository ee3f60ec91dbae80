import type { Trouble } from '../../world/carry-out.ts';
import type { SentEvent } from '../../world/sent-event.ts';
import { NOTICED_MS } from './lost-with-log.ts';
import type { GatewayHistory } from './merged.ts';

/** A gateway that was down, paused or cut off may have been so far behind the log that was deleted, in ms. */
const BEHIND_MS = 60_000;

/**
 * The serial numbers of events that a deleted log left to gateways in different ways. Its owner writes
 * to the new log what had not come back from the old one: gateways that had read it keep it where
 * it was. And the next owner reads back from the box what it had not read of the old log: gateways that
 * had read it have it twice.
 *
 * An event that only misses on some gateways is none of them: they say so.
 */
export function tornWithLog(
  histories: readonly GatewayHistory[],
  sent: readonly SentEvent[],
  troubles: readonly Trouble[],
): ReadonlySet<number> {
  const deletions = troubles.filter(({ fault }) => fault.kind === 'stream deleted');
  const mayBeTorn = ({ at }: SentEvent) =>
    deletions.some(({ from, to }) => at >= from - BEHIND_MS && at <= to + NOTICED_MS);
  const places = histories.map(({ events }) => Map.groupBy(events, ({ serial }) => serial));
  const isTorn = ({ serial }: SentEvent) => {
    const accounts = places.flatMap(
      (own) =>
        own
          .get(serial)
          ?.map(({ id, cursor }) => `${id} ${cursor}`)
          .join() ?? [],
    );
    return new Set(accounts).size > 1;
  };
  return new Set(
    sent.filter((each) => mayBeTorn(each) && isTorn(each)).map(({ serial }) => serial),
  );
}
