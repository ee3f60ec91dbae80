import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Keyring, SealedBy } from '../../privacy/keyring.ts';
import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import {
  type AlarmPage,
  type AlarmQuery,
  compileAlarmFilter,
  placeOf,
} from '../alarm/alarm-query.ts';
import type { Position } from '../journal.ts';
import { ALARM_SELECT, IS_UNCLOSED, sealedByOf, toAlarm, traitsOf } from './alarm-rows.ts';
import type { Row } from './rows.ts';

/** Alarms that one step goes through: about a millisecond. */
const STEP = 256;

/** Of one page, which may have fewer alarms than asked for: their notes may be long. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** Finds alarms, going through all within the bounds of a query. It opens none but those that match. */
export class AlarmSearch {
  readonly #keyring: Keyring;
  readonly #byId: StatementSync;
  readonly #next: Record<AlarmQuery['order'] | 'unclosed', StatementSync>;

  constructor(database: DatabaseSync, keyring: Keyring) {
    this.#keyring = keyring;
    this.#byId = database.prepare(`${ALARM_SELECT} AND alarm.id = ?`);
    const byOpening = (which: string) => `
      ${ALARM_SELECT} AND (alarm.opened, alarm.number) < (?, ?) AND alarm.opened > ? ${which}
      ORDER BY alarm.opened DESC, alarm.number DESC LIMIT ${STEP}`;
    this.#next = {
      opened: database.prepare(byOpening('')),
      unclosed: database.prepare(byOpening(`AND ${IS_UNCLOSED}`)),
      changed: database.prepare(`
        ${ALARM_SELECT} AND (alarm.changed, alarm.number) > (?, ?) AND alarm.changed < ?
        ORDER BY alarm.changed, alarm.number LIMIT ${STEP}`),
    };
  }

  /** Yields, step after step, what it has so far. */
  *find(query: AlarmQuery, newest: Position): Generator<AlarmPage> {
    const { filter, order, after = 0, before = Infinity, count } = query;
    const isMeant = compileAlarmFilter(filter);
    const [low, high] = [after, Math.min(before, newest + 1)];
    const alarms: Alarm[] = [];
    let bytes = 0;
    const isUnclosed = order === 'opened' && filter.states?.includes('CLOSED') === false;
    const next = this.#next[isUnclosed ? 'unclosed' : order];
    let key = order === 'opened' ? [high, 0] : [low, Number.MAX_SAFE_INTEGER];
    let isMore = false;
    for (let seen = STEP; seen === STEP && !isMore; ) {
      seen = 0;
      // One by one: rows may be long, and the page full before the step ends.
      for (const row of next.iterate(...key, order === 'opened' ? low : high)) {
        seen += 1;
        key = keyOf(row, order);
        const alarm = isMeant(traitsOf(row)) ? toAlarm(row, this.#keyring) : undefined;
        if (!alarm) continue;
        const isFull = alarms.length >= count || bytes >= PAGE_BYTES;
        const last = alarms.at(-1);
        isMore = isFull && last !== undefined && placeOf(last, query) !== placeOf(alarm, query);
        if (isMore) break;
        alarms.push(alarm);
        bytes += bytesOf(row);
      }
      yield { alarms, isMore, newest };
    }
  }

  byId(id: AlarmId): Alarm | undefined {
    const row = this.#byId.get(id);
    return row && toAlarm(row, this.#keyring);
  }

  /** What seals the alarm, and what is done to it. */
  sealedBy(id: AlarmId): SealedBy | undefined {
    const row = this.#byId.get(id);
    return row && sealedByOf(row);
  }
}

/** What is sealed of an alarm is nearly all of it. */
const bytesOf = (row: Row): number => (row['alarm_sealed'] as Uint8Array).byteLength;

const keyOf = (row: Row, order: AlarmQuery['order']): [place: number, number: number] => [
  Number(row[order === 'opened' ? 'position' : 'alarm_changed']),
  Number(row['alarm_number']),
];
