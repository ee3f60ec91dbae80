import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BoxId } from '../../config/ids.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { Keyring } from '../../privacy/keyring.ts';
import { transact } from '../../storage/transact.ts';
import type { AlarmAct } from '../alarm/alarm-act.ts';
import { type Epoch, newEpoch } from '../cursor.ts';
import type { LentCursors, Stretch } from '../durable-journal.ts';
import { type Gap, settledBy } from '../gap.ts';
import type { JournalEntry, JournalRecord, Position } from '../journal.ts';
import { AlarmWriter } from './alarm-writer.ts';
import type { Appended } from './appended.ts';
import { addCursorKey, type CursorKeys, readCursorKeys } from './cursor-keys.ts';
import { beginOpening, lend, type Opening, readEpochs, reserveEpoch } from './epochs.ts';
import { followLog, LEAVE_LOG, type LogPlace } from './followed-log.ts';
import { hasClear, IS_STAYING } from './leaving.ts';
import { REMOVE_ALARMS } from './remove-alarms.ts';
import {
  EMPTY_COLUMNS,
  EVENT_SELECT,
  gapValues,
  SEALED_COLUMNS,
  sealedValues,
  toEventRecord,
} from './rows.ts';
import { Sources } from './sources.ts';
import { type JournalState, readState } from './state.ts';

/** Of `occurred_at`, in ms: the grain in which the file knows where a time's events are. */
export const HOUR_MS = 3_600_000;

/** What is noted of boxes; see `Journal.settle`. */
export type Settled = ReadonlyMap<BoxId, NotedTime>;

/** The first and the last position of each hour that comes with a transaction. */
type Hours = Map<number, [number, number]>;

/** Of an entry that was judged elsewhere, with its alarms. */
type JudgedEntry = JournalEntry & Pick<JournalRecord, 'alarms'>;
type JudgedEvent = Extract<JudgedEntry, { readonly kind: 'event' }>;

/** Writes records, each call in one transaction. Errors of SQLite come through as they are. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #keyring: Keyring;
  readonly #insertEvent: StatementSync;
  readonly #insertGap: StatementSync;
  readonly #findEvent: StatementSync;
  readonly #removeEvent: StatementSync;
  readonly #putHour: StatementSync;
  readonly #settle: StatementSync;
  readonly #giveTo: StatementSync;
  readonly #leaveLog: StatementSync;
  readonly #removeAlarms: StatementSync;
  readonly sources: Sources;
  readonly #alarms: AlarmWriter;
  /** Of what this writes. It is in the file from the first transaction on. */
  readonly #opening: Opening;
  #hasBegun = false;
  #hasClear = true;
  #reserved: Epoch | undefined;
  #newest: number;

  constructor(database: DatabaseSync, keyring: Keyring) {
    this.#database = database;
    this.#keyring = keyring;
    this.sources = new Sources(database);
    this.#alarms = new AlarmWriter(database, keyring);
    this.#removeAlarms = database.prepare(REMOVE_ALARMS);
    this.#insertEvent = database.prepare(`
      INSERT INTO event (
        ${[...Object.keys(EMPTY_COLUMNS), 'position', 'source', ...SEALED_COLUMNS].join(', ')})
      VALUES (
        ${Object.values(EMPTY_COLUMNS).join(', ')}, ?, ?, ${SEALED_COLUMNS.map(() => '?').join(', ')})
      ON CONFLICT (occurred_at, id) DO NOTHING`);
    this.#insertGap = database.prepare('INSERT INTO gap VALUES (?, ?, ?, ?, ?, ?)');
    this.#findEvent = database.prepare(
      `${EVENT_SELECT} WHERE event.occurred_at = ? AND event.id = ? AND ${IS_STAYING}`,
    );
    this.#removeEvent = database.prepare(
      'DELETE FROM event WHERE occurred_at = ? AND id = ? RETURNING position',
    );
    this.#putHour = database.prepare(`
      INSERT INTO hour VALUES (?, ?, ?)
      ON CONFLICT (hour) DO UPDATE SET last_position = excluded.last_position`);
    this.#settle = database.prepare(`
      INSERT OR REPLACE INTO settled (box_id, to_time, boot, instant, ahead) VALUES (?, ?, ?, ?, ?)`);
    this.#leaveLog = database.prepare(LEAVE_LOG);
    this.#giveTo = database.prepare('UPDATE state SET given_to = max(given_to, ?)');
    this.#newest = readState(database).newest;
    this.#opening = { epoch: newEpoch(), first: this.#newest + 1 };
  }

  /** As it is for whoever places cursors. */
  get state(): JournalState {
    const { openings, lent } = readEpochs(this.#database);
    return {
      ...readState(this.#database),
      openings: this.#hasBegun ? openings : [...openings, this.#opening],
      lent,
    };
  }

  /** For the journal that stands in when this one can't be written. */
  get reserved(): Epoch | undefined {
    return this.#reserved;
  }

  get cursorKeys(): CursorKeys {
    return readCursorKeys(this.#database);
  }

  /** Reserves another epoch. */
  reserveEpoch(): void {
    this.#reserved = undefined;
    this.#reserved = this.#transact(() => reserveEpoch(this.#database));
  }

  append(entries: readonly JournalEntry[], settled: Settled): Appended[] {
    this.#prepareKeys(entries);
    return this.#transact((hours) => {
      // What comes now has positions that the log gives out too.
      this.#leaveLog.run();
      const appended = entries.map((entry) =>
        this.#insert((this.#newest + 1) as Position, entry, hours),
      );
      for (const [boxId, to] of settled) this.#note(boxId, to);
      return appended;
    });
  }

  /** Of records up to the newest one it is taken that they are there. */
  restore({ epoch, key }: LentCursors, { after, upTo, records }: Stretch): void {
    const missing = records.filter(({ position }) => position > this.#newest);
    this.#prepareKeys(missing);
    this.#transact((hours) => {
      // A file that was begun anew does not hold what was before.
      if (this.#newest === 0) {
        this.#database.prepare('UPDATE state SET gone_to = ?, gone_mixed_to = ?').run(after, after);
      }
      for (const { position, ...entry } of missing) this.#insert(position, entry, hours);
      this.#newest = Math.max(this.#newest, upTo);
      addCursorKey(this.#database, key);
      lend(this.#database, epoch, after, upTo);
    });
    if (this.#reserved === undefined || this.#reserved === epoch) this.reserveEpoch();
  }

  /**
   * From now on the file holds the records of a log, at their positions in it.
   *
   * @returns what the file missed of the log, which is its newest record then.
   * @throws {JournalError} OTHER_LOG; see `followLog`.
   */
  followLog(log: LogPlace): Gap | undefined {
    const { upTo, missed } = transact(this.#database, () =>
      followLog(this.#database, log, this.#newest),
    );
    this.#newest = upTo;
    // Cursors are those of the log, so this opening gives out none.
    this.#hasBegun = true;
    return missed;
  }

  /** Records of the log behind the newest one of the file, as far as a position. */
  follow(records: readonly JournalRecord[], upTo: Position): Appended[] {
    this.#prepareKeys(records);
    return this.#transact((hours) => {
      const followed = records.map(({ position, ...entry }) =>
        this.#insert(position, entry, hours),
      );
      this.#giveTo.run(upTo);
      this.#newest = upTo;
      return followed;
    });
  }

  #insert(position: Position, entry: JudgedEntry, hours: Hours): Appended {
    let appended: Appended;
    try {
      switch (entry.kind) {
        case 'gap':
          appended = this.#insertGapAt(position, entry.gap);
          break;
        case 'act':
          appended = this.#actAt(position, entry.act);
          break;
        case 'event':
          appended = this.#insertEventAt(position, entry, hours);
      }
    } catch (error) {
      if (!isOfTheValues(error)) throw error;
      return { became: 'nothing', reason: 'a value of it can’t be stored' };
    }
    if (typeof appended === 'number' || appended.became === 'change') this.#newest = position;
    return appended;
  }

  #insertGapAt(position: Position, gap: Gap): Appended {
    this.#insertGap.run(position, ...gapValues(gap));
    const end = settledBy(gap);
    if (end) this.#note(...end);
    return position;
  }

  /** An act has no row: its alarm has what it did. */
  #actAt(position: Position, act: AlarmAct): Appended {
    const judgement = this.#alarms.act(act, position);
    switch (judgement.verdict) {
      case 'applied':
        this.#giveTo.run(position);
        return { became: 'change', position, alarms: [act.alarm] };
      case 'repeated':
        return { became: 'duplicate', record: { kind: 'act', act, position: judgement.position } };
      case 'refused':
        return { became: 'refusal', code: judgement.code };
    }
  }

  #insertEventAt(
    position: Position,
    { event, matches = [], alarms: judged }: JudgedEvent,
    hours: Hours,
  ): Appended {
    const clear = this.#hasClear && this.#findEvent.get(event.occurredAt, event.id);
    const inClear = clear && toEventRecord(clear, this.#keyring);
    if (inClear) return { became: 'duplicate', record: inClear };
    const key = this.#keyring.sealingKey(event);
    const source = this.sources.idOf(event);
    const values = [position, source, ...sealedValues(event, key, this.#keyring)];
    if (this.#insertEvent.run(...values).changes === 0) {
      const tag = key.keyedHash(event.id);
      const row = this.#findEvent.get(event.occurredAt, tag);
      const there = row && toEventRecord(row, this.#keyring);
      if (there) return { became: 'duplicate', record: there };
      // It was erased, and its row waits to be deleted.
      const erased = this.#removeEvent.get(event.occurredAt, tag);
      if (erased) this.#removeAlarms.run(Number(erased['position']));
      this.#insertEvent.run(...values);
    }
    const hour = Math.floor(event.occurredAt / HOUR_MS);
    hours.set(hour, [hours.get(hour)?.[0] ?? position, position]);
    if (matches.length === 0) return position;
    const alarms = this.#alarms.extend({ event, position, key, source }, matches, judged);
    return { became: 'change', position, alarms };
  }

  /** Before the transaction: a key is on the disk before what it has sealed. */
  #prepareKeys(entries: readonly JournalEntry[]): void {
    this.#keyring.refresh();
    this.#hasClear &&= hasClear(this.#database);
    this.#keyring.prepare(
      entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : [])),
    );
  }

  #note(boxId: BoxId, { at, instant }: NotedTime): void {
    const ahead = instant?.aheadMs && JSON.stringify(instant.aheadMs);
    this.#settle.run(boxId, at, instant?.boot ?? null, instant?.ms ?? null, ahead ?? null);
  }

  #transact<Result>(work: (hours: Hours) => Result): Result {
    const before = this.#newest;
    const hours: Hours = new Map();
    try {
      const result = transact(this.#database, () => {
        if (!this.#hasBegun) beginOpening(this.#database, this.#opening);
        const worked = work(hours);
        for (const [hour, [first, last]] of hours) this.#putHour.run(hour, first, last);
        return worked;
      });
      this.#hasBegun = true;
      return result;
    } catch (error) {
      this.#newest = before;
      this.sources.forget();
      throw error;
    }
  }
}

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH: only this row is impossible. */
const isOfTheValues = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  [18, 19, 20].includes(Number(error.errcode) & 0xff);
