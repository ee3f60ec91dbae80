import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { QUARTER_MS } from '../../zone-offset.ts';
import type { EventFilter } from '../filter.ts';
import { quarterOf, sumTallies, type Tally, type TallyBy } from '../tally.ts';
import { among, type Condition } from './condition.ts';
import { personTypeNumber, personTypeOf, type Row } from './rows.ts';
import { scopesCondition } from './scopes-condition.ts';
import type { Range, Search } from './search.ts';
import { NO_SOURCE, sourceCondition } from './source-condition.ts';

/** Quarters of an hour that one step adds up: a day, at most some ms. */
const STEP_QUARTERS = 96;

const COLUMNS = {
  quarter: 'quarter',
  device: 'source',
  personType: 'person_type',
} as const satisfies Record<TallyBy, string>;

/** Positions, and the times of a filter. */
export interface TallyQuery {
  readonly filter: EventFilter;
  readonly by: TallyBy;
  readonly range: Range;
}

/**
 * Counts events by what they have in common. The file counts them by quarter of an hour, source
 * and type as they come and go. From these counts a day takes a few milliseconds, however many
 * events it has. It counts the rest event by event, such as a part of a quarter.
 */
export class Tallies {
  readonly #database: DatabaseSync;
  /** The events of a filter, whose persons and groups are given as they are in the file. */
  readonly #searchOf: (filter: EventFilter) => Search;
  readonly #isAnyLeaving: StatementSync;
  readonly #nextQuarter: StatementSync;
  readonly #source: StatementSync;

  constructor(database: DatabaseSync, searchOf: (filter: EventFilter) => Search) {
    this.#database = database;
    this.#searchOf = searchOf;
    this.#isAnyLeaving = database.prepare('SELECT 1 FROM leaving LIMIT 1');
    this.#nextQuarter = database.prepare(
      'SELECT min(quarter) AS quarter FROM event_count WHERE quarter >= ?',
    );
    this.#source = database.prepare('SELECT site_id, box_id, device_id FROM source WHERE id = ?');
  }

  /** Yields, step after step, what it has so far. */
  *find(query: TallyQuery): Generator<readonly Tally[]> {
    const { filter } = query;
    let found: readonly Tally[] = [];
    const { from = -Infinity, to = Infinity } = filter;
    const [first, end] = [Math.ceil(from / QUARTER_MS), Math.floor(to / QUARTER_MS)];
    // Before 1970 the division rounds towards zero, so quarter 0 is twice as long.
    const isBeforeEpoch = filter.from !== undefined && filter.from < 0;
    const parts =
      !isCounted(filter) || this.#isAnyLeaving.get() || first >= end || isBeforeEpoch
        ? [this.#oneByOne(query)]
        : [
            this.#counted(query, first, end),
            ...edge(from, first * QUARTER_MS).map((times) => this.#oneByOne(within(query, times))),
            ...edge(end * QUARTER_MS, to).map((times) => this.#oneByOne(within(query, times))),
          ];
    for (const part of parts) {
      for (const tallies of part) {
        found = sumTallies([...found, ...tallies]);
        yield found;
      }
    }
  }

  *#counted({ filter, by }: TallyQuery, first: number, end: number): Generator<Tally[]> {
    const statement = countsStatement(this.#database, filter, by);
    if (!statement) return;
    const { sql, values } = statement;
    const sums = this.#database.prepare(sql);
    const last = Math.min(end, Number.MAX_SAFE_INTEGER);
    for (let at = this.#quarterFrom(first); at < last; ) {
      const upTo = Math.min(at + STEP_QUARTERS, last);
      yield sums.all(at, upTo, ...values).flatMap((row) => this.#tallyOf(by, row));
      at = this.#quarterFrom(upTo);
    }
  }

  *#oneByOne({ filter, by, range }: TallyQuery): Generator<Tally[]> {
    for (const rows of this.#searchOf(filter).counted(range)) {
      const counts = new Map<number, number>();
      for (const row of rows) {
        const key = by === 'quarter' ? quarterOf(Number(row['occurred_at'])) : row[COLUMNS[by]];
        counts.set(Number(key), (counts.get(Number(key)) ?? 0) + 1);
      }
      yield [...counts].flatMap(([key, events]) =>
        this.#tallyOf(by, { [COLUMNS[by]]: key, events }),
      );
    }
  }

  #quarterFrom(first: number): number {
    const found = this.#nextQuarter.get(Math.max(first, Number.MIN_SAFE_INTEGER))?.['quarter'];
    return typeof found === 'number' ? found : Infinity;
  }

  #tallyOf(by: TallyBy, row: Row): Tally[] {
    const events = Number(row['events']);
    const key = Number(row[COLUMNS[by]]);
    if (by === 'quarter') return [{ by, quarter: key, events }];
    if (by === 'personType') return [{ by, personType: personTypeOf(key), events }];
    // The last event of a source may have gone meanwhile.
    const source = this.#source.get(key);
    if (!source) return [];
    const { site_id: siteId, box_id: boxId, device_id: deviceId } = source;
    return [{ by, siteId, boxId, deviceId, events } as unknown as Tally];
  }
}

/** The statement that adds up counts between two quarters; undefined when nothing can match. */
export function countsStatement(
  database: DatabaseSync,
  filter: EventFilter,
  by: TallyBy,
): Condition | undefined {
  const conditions: Condition[] = [];
  const source = sourceCondition(database, filter);
  const scopes = scopesCondition(database, filter.scopes);
  if (source === NO_SOURCE || scopes === NO_SOURCE || filter.personTypes?.length === 0) {
    return undefined;
  }
  if (source) conditions.push(source);
  if (filter.personTypes) {
    conditions.push(among('+person_type', filter.personTypes.map(personTypeNumber)));
  }
  if (scopes) conditions.push(scopes);
  const where = conditions.map(({ sql }) => ` AND ${sql}`).join('');
  // The conditions name the table `event`; of its columns they use those that are here too.
  return {
    sql: `SELECT ${COLUMNS[by]}, sum(events) AS events FROM event_count AS event
      WHERE quarter >= ? AND quarter < ?${where} GROUP BY ${COLUMNS[by]}`,
    values: conditions.flatMap(({ values }): readonly SQLInputValue[] => values),
  };
}

/** Whether the counts of the file tell all that the filter asks for, but for its times. */
const isCounted = ({
  alarm,
  identityIds,
  groupNames,
  minSimilarity,
  scopes,
}: EventFilter): boolean =>
  alarm === undefined &&
  !identityIds &&
  !groupNames &&
  minSimilarity === undefined &&
  !(scopes ?? []).some(({ since }) => since !== undefined);

const edge = (from: number, to: number): { readonly from: number; readonly to: number }[] =>
  Number.isFinite(from) && Number.isFinite(to) && from < to ? [{ from, to }] : [];

const within = (
  query: TallyQuery,
  times: { readonly from: number; readonly to: number },
): TallyQuery => ({ ...query, filter: { ...query.filter, ...times } });
