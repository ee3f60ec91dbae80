import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import type { Keyring, SealedBy } from '../../privacy/keyring.ts';
import { Turns } from '../../turns.ts';
import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../alarm/alarm-query.ts';
import type { Detail } from '../detail.ts';
import { entryBytes } from '../entry-bytes.ts';
import type { EventFilter } from '../filter.ts';
import type {
  EventRecord,
  HistoryPage,
  HistoryQuery,
  JournalRecord,
  Position,
} from '../journal.ts';
import type { PeoplePage, PeopleQuery } from '../people.ts';
import type { EventId } from '../recognition.ts';
import type { Tally, TallyBy } from '../tally.ts';
import { AlarmSearch } from './alarm-search.ts';
import { IdSearch } from './id-search.ts';
import { hasClear, IS_STAYING } from './leaving.ts';
import { PeopleSearch } from './people-search.ts';
import { EVENT_SELECT, PLAIN_EVENT_SELECT, toEventRecord, toGapRecord } from './rows.ts';
import { Search } from './search.ts';
import { type KeptState, readState } from './state.ts';
import { Tallies } from './tallies.ts';

/**
 * Of the records of one page, by `entryBytes`: all of them are in memory at once, here and where they
 * are asked for. A page may have fewer records than asked for, and one at least.
 */
const PAGE_BYTES = 8 * 1024 * 1024;

/** A `HistoryQuery` whose cursors are positions. */
export interface HistoryRange {
  readonly filter: EventFilter;
  readonly after: number | undefined;
  readonly before: number | undefined;
  readonly take: HistoryQuery['take'];
  readonly detail: Detail;
  /** What came later is as if it were not there. */
  readonly newest: number;
}

/**
 * Reads a file that somebody else writes. A search may see the file change on its way: what
 * comes is beyond its range, and what goes is the oldest.
 */
export class Reader {
  readonly #database: DatabaseSync;
  readonly #keyring: Keyring;
  readonly #events: Record<Detail, StatementSync>;
  readonly #event: Record<Detail, StatementSync>;
  readonly #gaps: StatementSync;
  readonly #goneTo: StatementSync;
  readonly #alarms: AlarmSearch;
  /** Of all searches together: between two slices, resuming clients are served and checkpoints run. */
  readonly #turns: Turns;

  constructor(database: DatabaseSync, keyring: Keyring, turns = new Turns()) {
    this.#database = database;
    this.#keyring = keyring;
    this.#turns = turns;
    this.#alarms = new AlarmSearch(database, keyring);
    const range = 'position > ? AND position <= ? ORDER BY position LIMIT ?';
    const prepare = (where: string) => ({
      full: database.prepare(`${EVENT_SELECT} WHERE ${where}`),
      plain: database.prepare(`${PLAIN_EVENT_SELECT} WHERE ${where}`),
    });
    this.#events = prepare(`${IS_STAYING} AND ${range}`);
    this.#event = prepare(`position = ? AND ${IS_STAYING}`);
    this.#gaps = database.prepare(`SELECT * FROM gap WHERE ${range}`);
    this.#goneTo = database.prepare('SELECT gone_to FROM state');
  }

  /**
   * The oldest records after `after` up to `newest`, at most `limit` and a page; up to where there
   * are no others; the state when some are gone.
   */
  read(
    after: number,
    newest: number,
    limit: number,
    detail: Detail = 'full',
  ): {
    readonly records: JournalRecord[];
    readonly end: number;
    readonly state: KeptState | undefined;
  } {
    this.#keyring.refresh();
    return this.#atOnce(() => {
      let [rows, last] = [0, after];
      const page = pageOf(this.#events[detail].iterate(after, newest, limit), (row) => {
        rows += 1;
        last = Number(row['position']);
        return toEventRecord(row, this.#keyring);
      });
      // A page of events alone is the rule; a gap beyond its end is for the next.
      const end = page.isWhole && rows < limit ? newest : last;
      const gaps = this.#gaps.all(after, end, limit).map(toGapRecord);
      const records =
        gaps.length === 0 ? page.records : [...page.records, ...gaps].toSorted(byPosition);
      const taken = records.slice(0, limit);
      const hasAll = after >= Number(this.#goneTo.get()?.['gone_to']);
      return {
        records: taken,
        end: taken.length < records.length ? Number(taken.at(-1)?.position) : end,
        state: hasAll ? undefined : readState(this.#database),
      };
    });
  }

  async history(
    { filter, after, before, take, detail, newest }: HistoryRange,
    signal?: AbortSignal,
  ): Promise<HistoryPage> {
    const search = this.#search(filter);
    const find = async (low: number, high: number, from: 'first' | 'last', limit: number) =>
      (await this.#inSlices(search.find({ low, high }, from, limit), signal)) ?? [];
    const isAny = async (low: number, high: number) =>
      (await find(low, high, 'first', 1)).length > 0;
    const isBefore = after !== undefined && (await isAny(0, after));
    const isAfter = before !== undefined && (await isAny(before, newest));
    const [low, high] = [(after ?? 0) + 1, Math.min((before ?? Infinity) - 1, newest)];
    const records: EventRecord[] = [];
    let isMore: boolean;
    let isStuck: boolean;
    let [from, to] = [low, high];
    do {
      const missing = take.count - records.length;
      // One more than asked for tells whether there is more.
      const positions = await find(from, to, take.from, missing + 1);
      const wanted = positions.slice(0, missing);
      const page = pageOf(wanted, (position) => this.#recordAt(position, detail));
      records.push(...page.records);
      isMore = positions.length > missing || !page.isWhole;
      const last = wanted.at(-1);
      isStuck = !page.isWhole || last === undefined;
      if (take.from === 'first') from = (last ?? from) + 1;
      else to = (last ?? to) - 1;
      // What can't be opened any more is passed over: a page is short at the end of the range alone.
    } while (isMore && !isStuck && records.length < take.count);
    return take.from === 'first'
      ? { records, hasPreviousPage: isBefore, hasNextPage: isMore }
      : { records: records.toReversed(), hasPreviousPage: isMore, hasNextPage: isAfter };
  }

  async count(filter: EventFilter, newest: number, signal?: AbortSignal): Promise<number> {
    const search = this.#search(filter);
    return (await this.#inSlices(search.count({ low: 0, high: newest }), signal)) ?? 0;
  }

  async tally(
    filter: EventFilter,
    by: TallyBy,
    newest: number,
    signal?: AbortSignal,
  ): Promise<readonly Tally[]> {
    const tallies = new Tallies(this.#database, (each) => this.#search(each));
    const found = tallies.find({ filter, by, range: { low: 0, high: newest } });
    return (await this.#inSlices(found, signal)) ?? [];
  }

  async people(query: PeopleQuery, newest: number, signal?: AbortSignal): Promise<PeoplePage> {
    const { detail = 'full', upTo = newest } = query;
    const found = this.#people(detail).find(query, Math.min(upTo, newest));
    return (await this.#inSlices(found, signal)) ?? { records: [], next: undefined };
  }

  async countPeople(
    filter: EventFilter,
    identityIds: readonly string[],
    newest: number,
    signal?: AbortSignal,
  ): Promise<readonly number[]> {
    const found = this.#people('plain').count(filter, identityIds, { low: 0, high: newest });
    return (await this.#inSlices(found, signal)) ?? identityIds.map(() => 0);
  }

  async find(id: EventId, newest: number, signal?: AbortSignal): Promise<EventRecord | undefined> {
    this.#keyring.refresh();
    const search = new IdSearch(this.#database, this.#keyring);
    for await (const positions of this.#slices(search.find(id, hasClear(this.#database)), signal)) {
      for (const position of positions) {
        const record = position <= newest ? this.#recordAt(position, 'full') : undefined;
        // Two ids may have one hash.
        if (record?.event.id === id) return record;
      }
    }
    return undefined;
  }

  async alarms(query: AlarmQuery, newest: Position, signal?: AbortSignal): Promise<AlarmPage> {
    this.#keyring.refresh();
    const page = await this.#inSlices(this.#alarms.find(query, newest), signal);
    return page ?? { alarms: [], isMore: false, newest };
  }

  alarm(id: AlarmId): Alarm | undefined {
    this.#keyring.refresh();
    return this.#alarms.byId(id);
  }

  alarmSealedBy(id: AlarmId): SealedBy | undefined {
    return this.#alarms.sealedBy(id);
  }

  /** How many events an erasure takes. */
  async countErasable(target: ErasureTarget, newest: number): Promise<number> {
    if (target.kind === 'identity') return this.count({ identityIds: [target.identityId] }, newest);
    const older = {
      sql: '(received_at < ? OR occurred_at < ?)',
      values: [target.time, target.time],
    };
    const search = new Search(this.#database, {}, [older]);
    return (await this.#inSlices(search.count({ low: 0, high: newest }), undefined)) ?? 0;
  }

  /** The position of the first event that was not erased; undefined when there is none. */
  async firstStaying(newest: number): Promise<number | undefined> {
    const range = { low: Number(this.#goneTo.get()?.['gone_to']) + 1, high: newest };
    const found = await this.#inSlices(this.#search({}).find(range, 'first', 1), undefined);
    return found?.[0];
  }

  #people(detail: Detail): PeopleSearch {
    return new PeopleSearch({
      keyring: this.#keyring,
      searchOf: (filter) => this.#search(filter),
      open: (position) => this.#recordAt(position, detail),
    });
  }

  /** The filter with what stands in the file for identities and groups. */
  #search(filter: EventFilter): Search {
    this.#keyring.refresh();
    const { identityIds, groupNames } = filter;
    const isClear = hasClear(this.#database);
    const withClear = (text: string, tags: readonly string[]) => (isClear ? [...tags, text] : tags);
    return new Search(this.#database, {
      ...filter,
      ...(identityIds && {
        identityIds: identityIds.flatMap((id) => withClear(id, this.#keyring.tagsOf(id))),
      }),
      ...(groupNames && {
        groupNames: groupNames.flatMap((name) => withClear(name, [this.#keyring.groupTagOf(name)])),
      }),
    });
  }

  /** Undefined when retention has been faster. */
  #recordAt(position: number, detail: Detail): EventRecord | undefined {
    const row = this.#event[detail].get(position);
    return row && toEventRecord(row, this.#keyring);
  }

  /** The last that the search yields. */
  async #inSlices<Value>(
    search: Iterable<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value | undefined> {
    let latest: Value | undefined;
    for await (latest of this.#slices(search, signal));
    return latest;
  }

  /** What the search yields, with a pause for others now and then. */
  async *#slices<Value>(
    search: Iterable<Value>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Value> {
    for (const value of search) {
      while (this.#turns.isSpent) await this.#turns.next();
      signal?.throwIfAborted();
      yield value;
    }
  }

  #atOnce<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN');
    try {
      return work();
    } finally {
      if (this.#database.isTransaction) this.#database.exec('COMMIT');
    }
  }
}

const byPosition = (a: JournalRecord, b: JournalRecord): number => a.position - b.position;

/** What the items come to, up to a page, and whether that is all of them. */
function pageOf<Item>(
  items: Iterable<Item>,
  recordOf: (item: Item) => EventRecord | undefined,
): { readonly records: EventRecord[]; readonly isWhole: boolean } {
  const records: EventRecord[] = [];
  let bytes = 0;
  for (const item of items) {
    if (bytes >= PAGE_BYTES) return { records, isWhole: false };
    const record = recordOf(item);
    if (!record) continue;
    bytes += entryBytes(record);
    records.push(record);
  }
  return { records, isWhole: true };
}
