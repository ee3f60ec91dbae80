import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { AlarmId } from '../alarm/alarm.ts';
import type { EventFilter } from '../filter.ts';
import { among, type Condition } from './condition.ts';
import { IS_STAYING } from './leaving.ts';
import { PERSON_TYPE_NUMBERS, personTypeNumber, type Row } from './rows.ts';
import { BLOCK_SIZE } from './schema.ts';
import { scopesCondition } from './scopes-condition.ts';
import { NO_SOURCE, sourceCondition } from './source-condition.ts';
import { HOUR_MS } from './writer.ts';

/** Positions, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The matches of one person in one block. */
export interface PersonInBlock {
  /** What the file has in place of the person's id. */
  readonly tag: string;
  /** The position of the newest match. */
  readonly newest: number;
  readonly count: number;
}

export interface PersonsOfBlock {
  /** The least position of the block and the range. */
  readonly low: number;
  /** The one with the newest match first. */
  readonly persons: readonly PersonInBlock[];
}

/**
 * The events that a filter matches, found block by block: within a block an index leads to
 * them, so that a block without any costs microseconds.
 */
export class Search {
  readonly #database: DatabaseSync;
  readonly #where: string;
  readonly #inBlock: string;
  readonly #values: readonly SQLInputValue[];
  /** Outside of it nothing can match. */
  readonly #bounds: Range;
  readonly #nextUp: StatementSync;
  readonly #nextDown: StatementSync;
  /** Made when it is first asked for. */
  #hasTag: StatementSync | undefined;

  /** @param filter Its identities and groups are given by what stands for them in the file. */
  constructor(database: DatabaseSync, filter: EventFilter, more: readonly Condition[] = []) {
    this.#database = database;
    const source = sourceCondition(database, filter);
    const conditions: Condition[] = [{ sql: IS_STAYING, values: [] }, ...more];
    const add = (sql: string, ...values: SQLInputValue[]) => conditions.push({ sql, values });
    if (filter.identityIds) conditions.push(among('identity_id', filter.identityIds));
    if (filter.personTypes) {
      conditions.push(among('person_type', filter.personTypes.map(personTypeNumber)));
    } else if (source && !filter.identityIds) {
      // What lets the index by type serve those who ask for devices.
      conditions.push(among('person_type', PERSON_TYPE_NUMBERS));
    }
    if (source) conditions.push(source);
    const alarm = filter.alarm === undefined ? undefined : alarmNumber(database, filter.alarm);
    if (alarm !== undefined) {
      add('position IN (SELECT position FROM alarm_event WHERE alarm = ?)', alarm);
    }
    // The events of an alarm are named by their positions: no other index may lead to them.
    this.#inBlock = `${alarm === undefined ? '' : '+'}(position >> 12) = ? AND position BETWEEN ? AND ?`;
    if (filter.groupNames) conditions.push(among('group_name', filter.groupNames));
    if (filter.minSimilarity !== undefined) add('similarity >= ?', filter.minSimilarity);
    if (filter.from !== undefined) add('occurred_at >= ?', filter.from);
    if (filter.to !== undefined) add('occurred_at < ?', filter.to);
    const scopes = scopesCondition(database, filter.scopes);
    if (scopes) conditions.push(scopes);
    this.#where = conditions.map(({ sql }) => ` AND ${sql}`).join('');
    this.#values = conditions.flatMap(({ values }) => values);
    const isHopeless =
      source === NO_SOURCE ||
      scopes === NO_SOURCE ||
      (filter.alarm !== undefined && alarm === undefined) ||
      Object.values(filter).some(isEmptyList);
    this.#bounds = isHopeless ? { low: 1, high: 0 } : boundsOf(database, filter);
    const from = alarm === undefined ? 'event WHERE' : `alarm_event WHERE alarm = ${alarm} AND`;
    this.#nextUp = database.prepare(`SELECT min(position) AS position FROM ${from} position >= ?`);
    this.#nextDown = database.prepare(
      `SELECT max(position) AS position FROM ${from} position <= ?`,
    );
  }

  /**
   * Positions of the first matches, or of the last, whichever is asked for; in that order.
   * Yields, block after block, what it has so far.
   */
  *find(range: Range, from: 'first' | 'last', limit: number): Generator<number[]> {
    const statement = this.#database.prepare(
      `SELECT position FROM event WHERE ${this.#inBlock}${this.#where}
       ORDER BY position ${from === 'first' ? 'ASC' : 'DESC'} LIMIT ?`,
    );
    const found: number[] = [];
    for (const { block, low, high } of this.#blocks(range, from)) {
      const rows = statement.all(block, low, high, ...this.#values, limit - found.length);
      for (const { position } of rows) found.push(Number(position));
      yield found;
      if (found.length >= limit) return;
    }
  }

  /** Yields, block after block, how many it has found so far. */
  *count(range: Range): Generator<number> {
    const statement = this.#database.prepare(
      `SELECT count(*) AS count FROM event WHERE ${this.#inBlock}${this.#where}`,
    );
    let count = 0;
    for (const { block, low, high } of this.#blocks(range, 'first')) {
      count += Number(statement.get(block, low, high, ...this.#values)?.['count']);
      yield count;
    }
  }

  /** Yields, block after block, the columns by which its matches are counted. */
  *counted(range: Range): Generator<Row[]> {
    const statement = this.#database.prepare(
      `SELECT occurred_at, source, person_type FROM event WHERE ${this.#inBlock}${this.#where}`,
    );
    for (const { block, low, high } of this.#blocks(range, 'first')) {
      yield statement.all(block, low, high, ...this.#values);
    }
  }

  /** Yields, block after block from the newest on, whom its matches there are of. */
  *persons(range: Range): Generator<PersonsOfBlock> {
    const statement = this.#database.prepare(
      `SELECT identity_id, max(position) AS newest, count(*) AS count FROM event
       WHERE ${this.#inBlock}${this.#where} AND identity_id > ''
       GROUP BY identity_id ORDER BY newest DESC`,
    );
    for (const { block, low, high } of this.#blocks(range, 'last')) {
      const persons = statement.all(block, low, high, ...this.#values).map((row) => ({
        tag: String(row['identity_id']),
        newest: Number(row['newest']),
        count: Number(row['count']),
      }));
      yield { low, persons };
    }
  }

  /** Yields, block after block from the newest on, whether one of its matches there has the tag. */
  *has(tag: string, range: Range): Generator<boolean> {
    this.#hasTag ??= this.#database.prepare(
      `SELECT 1 FROM event WHERE ${this.#inBlock}${this.#where} AND identity_id = ? LIMIT 1`,
    );
    for (const { block, low, high } of this.#blocks(range, 'last')) {
      yield this.#hasTag.get(block, low, high, ...this.#values, tag) !== undefined;
    }
  }

  /** Only blocks that hold events: positions may have been left out in great numbers. */
  *#blocks(range: Range, from: 'first' | 'last'): Generator<Range & { readonly block: number }> {
    const low = Math.max(range.low, this.#bounds.low);
    const high = Math.min(range.high, this.#bounds.high);
    for (let at = this.#nearest(from === 'first' ? low : high, from); at !== undefined; ) {
      if (at < low || at > high) return;
      const block = Math.floor(at / BLOCK_SIZE);
      const [first, last] = [block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE - 1];
      yield { block, low: Math.max(low, first), high: Math.min(high, last) };
      at = this.#nearest(from === 'first' ? last + 1 : first - 1, from);
    }
  }

  #nearest(position: number, from: 'first' | 'last'): number | undefined {
    const statement = from === 'first' ? this.#nextUp : this.#nextDown;
    const found = statement.get(position)?.['position'];
    return typeof found === 'number' ? found : undefined;
  }
}

function alarmNumber(database: DatabaseSync, id: AlarmId): number | undefined {
  const number = database.prepare('SELECT number FROM alarm WHERE id = ?').get(id)?.['number'];
  return typeof number === 'number' ? number : undefined;
}

/** Where in the journal the filter's time is, to the hour. */
function boundsOf(database: DatabaseSync, { from, to }: EventFilter): Range {
  if (from === undefined && to === undefined) return { low: 0, high: Number.MAX_SAFE_INTEGER };
  const row = database
    .prepare(
      'SELECT min(first_position) AS low, max(last_position) AS high FROM hour WHERE hour BETWEEN ? AND ?',
    )
    .get(hourOf(from ?? -Infinity), hourOf(to ?? Infinity));
  return { low: Number(row?.['low'] ?? 1), high: Number(row?.['high'] ?? 0) };
}

const hourOf = (time: number): number => Math.floor(time / HOUR_MS);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
