import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Shares } from '../../storage/shares.ts';
import { transact } from '../../storage/transact.ts';
import { MARK_MS } from '../gone.ts';
import type { Packing } from './packing.ts';
import { REMOVE_ALARMS } from './remove-alarms.ts';
import { BLOCK_SIZE, GAP_BYTES } from './schema.ts';
import { Search } from './search.ts';

/** Records of a box that go at once. */
const STEP_RECORDS = 200;

/** Positions in which they are sought at once: others may have their turn then. */
const STEP_POSITIONS = 8 * BLOCK_SIZE;

/** Of what a box holds, this part may go before another box has its turn. */
const PLANNED_PART = 1 / 16;

/** What a step did; `end` when the box has nothing more that may go. */
export type FairStep = 'went' | 'searched' | 'end';

/**
 * Makes room where boxes share it: the box that holds the most for its share loses its oldest
 * records. So a box that floods the journal pushes out its own records only, and room that quiet
 * boxes don't use is there for the others.
 *
 * Where the last of a box's records stood that have gone, a gap RETENTION of the box stands
 * instead: whoever reads past it is told, and whoever comes from behind it has had them all.
 * There is one for each hour in which they came, as there is one mark in `gone`.
 */
export class FairShare {
  readonly #database: DatabaseSync;
  readonly #shares: Shares;
  readonly #packing: Packing;
  readonly #held: StatementSync;
  readonly #firstBehind: StatementSync;
  readonly #event: StatementSync;
  readonly #gapsBehind: StatementSync;
  readonly #sameHour: StatementSync;
  readonly #goneTo: StatementSync;
  readonly #removeEvent: StatementSync;
  readonly #removeAlarms: StatementSync;
  readonly #removeGap: StatementSync;
  readonly #insertGap: StatementSync;
  /** How much of which box goes, in bytes, before all are compared again. */
  #plan: { readonly boxId: string; bytes: number } | undefined;
  /** Up to these positions, the boxes have no records that may go. */
  readonly #searched = new Map<string, number>();

  /** @param packing Told between whose records something went. */
  constructor(database: DatabaseSync, shares: Shares, packing: Packing) {
    this.#database = database;
    this.#shares = shares;
    this.#packing = packing;
    this.#held = database.prepare('SELECT box_id, bytes FROM box_size WHERE bytes > 0');
    this.#firstBehind = database.prepare(
      'SELECT min(position) AS position FROM event WHERE position > ?',
    );
    this.#event = database.prepare(
      'SELECT position, received_at AS at, bytes FROM event WHERE position = ?',
    );
    this.#gapsBehind = database.prepare(`
      SELECT position, from_time, to_time FROM gap
      WHERE box_id = ? AND position > ? AND position < ? AND reason <> 'RETENTION'
      ORDER BY position LIMIT ${STEP_RECORDS}`);
    this.#sameHour = database.prepare(`
      SELECT position, from_time, to_time FROM gap
      WHERE box_id = ?1 AND position <= ?2 AND reason = 'RETENTION'
        AND coalesce(from_time, ?3) >= ?3`);
    this.#goneTo = database.prepare(
      "SELECT max(position) AS position FROM gap WHERE box_id = ? AND reason = 'RETENTION'",
    );
    this.#removeEvent = database.prepare('DELETE FROM event WHERE position = ?');
    this.#removeAlarms = database.prepare(REMOVE_ALARMS);
    this.#removeGap = database.prepare('DELETE FROM gap WHERE position = ?');
    this.#insertGap = database.prepare("INSERT INTO gap VALUES (?, 'RETENTION', ?, ?, ?, NULL)");
  }

  /**
   * Lets some records of the box go that holds the most for its share; undefined when there is no
   * other box to share with.
   *
   * @param owed How much has to go, in bytes.
   * @param newest The position of the newest record, which stays.
   * @param now ms by our clock.
   */
  step(owed: number, newest: number, now: number): FairStep | undefined {
    this.#plan ??= this.#makePlan(owed);
    if (!this.#plan) return undefined;
    const { boxId, bytes } = this.#plan;
    const { going, searched, isEnd } = this.#oldestOf(boxId, bytes, newest);
    if (going.length > 0) this.#remove(boxId, going, now);
    this.#searched.set(boxId, searched);
    this.#plan.bytes -= going.reduce((sum, record) => sum + record.bytes, 0);
    if (this.#plan.bytes <= 0 || isEnd) this.#plan = undefined;
    if (going.length > 0) return 'went';
    return isEnd ? 'end' : 'searched';
  }

  /** Of the box that holds the most for its share: what it holds more than the next, or what is owed. */
  #makePlan(owed: number): { readonly boxId: string; bytes: number } | undefined {
    const held = this.#held.all().map((row) => {
      const boxId = String(row['box_id']);
      const bytes = Number(row['bytes']);
      const share = this.#shares.get(boxId) ?? 1;
      return { boxId, bytes, share, forShare: bytes / share };
    });
    const [most, next] = held.toSorted((a, b) => b.forShare - a.forShare);
    if (!most || !next) return undefined;
    const ahead = (most.forShare - next.forShare) * most.share;
    // Equal boxes would have their turns record by record.
    const bytes = Math.min(Math.max(ahead, most.bytes * PLANNED_PART), owed);
    return { boxId: most.boxId, bytes };
  }

  /** The oldest records of the box that may go, about as many bytes, and how far they were sought. */
  #oldestOf(boxId: string, bytes: number, newest: number) {
    const after = this.#searched.get(boxId) ?? Number(this.#goneTo.get(boxId)?.['position'] ?? 0);
    // Outages leave out positions in great numbers.
    const first = Number(this.#firstBehind.get(after)?.['position'] ?? newest);
    const high = Math.min(first + STEP_POSITIONS, newest) - 1;
    const search = new Search(this.#database, { boxIds: [boxId] });
    const found = last(search.find({ low: first, high }, 'first', STEP_RECORDS)) ?? [];
    const isEnd = high === newest - 1 && found.length < STEP_RECORDS;
    const seen = found.length < STEP_RECORDS ? high : (found.at(-1) ?? high);
    const gaps = this.#gapsBehind.all(boxId, after, seen + 1);
    const events = found
      .map((position) => this.#event.get(position))
      .filter((row) => row !== undefined);
    const records: OwnRecord[] = [...events.map(toEvent), ...gaps.map(toGap)].toSorted(
      (a, b) => a.position - b.position,
    );
    const going: OwnRecord[] = [];
    for (let sum = 0; sum < bytes && going.length < STEP_RECORDS; ) {
      const record = records[going.length];
      if (!record) break;
      going.push(record);
      sum += record.bytes;
    }
    const hasAll = going.length === records.length && gaps.length < STEP_RECORDS;
    // Records of a copy may have been put in behind the newest: an end is no lasting one.
    const searched = (hasAll && !isEnd ? seen : going.at(-1)?.position) ?? after;
    return { going, searched, isEnd: isEnd && hasAll };
  }

  /** Puts a gap into the place of the last of them; it joins the one of the same hour. */
  #remove(boxId: string, going: readonly OwnRecord[], now: number): void {
    const end = going.at(-1)?.position ?? 0;
    const from = earliest(going, now);
    try {
      transact(this.#database, () => {
        for (const { position, kind } of going) {
          (kind === 'event' ? this.#removeEvent : this.#removeGap).run(position);
          this.#removeAlarms.run(position);
        }
        const hour = from === null ? 0 : from - (from % MARK_MS);
        const joined = this.#sameHour.all(boxId, end, hour).map(toGap);
        for (const { position } of joined) this.#removeGap.run(position);
        const all = [...joined, ...going];
        const to = Math.max(...all.map((record) => Math.min(record.to ?? now, now)));
        this.#insertGap.run(end, earliest(all, now), to, boxId);
        this.#packing.loosen(going);
      });
    } catch (error) {
      this.#packing.recount();
      throw error;
    }
  }
}

function last<Value>(values: Iterable<Value>): Value | undefined {
  let latest: Value | undefined;
  for (latest of values);
  return latest;
}

interface OwnRecord {
  readonly kind: 'event' | 'gap';
  readonly position: number;
  /** When what it stands for began and ended, in ms by our clock; null when that is not known. */
  readonly from: number | null;
  readonly to: number | null;
  readonly bytes: number;
}

type Row = Record<string, unknown>;

const toEvent = (row: Row): OwnRecord => ({
  kind: 'event',
  position: Number(row['position']),
  from: Number(row['at']),
  to: Number(row['at']),
  bytes: Number(row['bytes']),
});

const toGap = (row: Row): OwnRecord => ({
  kind: 'gap',
  position: Number(row['position']),
  from: row['from_time'] === null ? null : Number(row['from_time']),
  to: row['to_time'] === null ? null : Number(row['to_time']),
  bytes: GAP_BYTES,
});

/** Null when it is not known, or a clock that was ahead has said it. */
function earliest(records: readonly OwnRecord[], now: number): number | null {
  let first = Infinity;
  for (const { from } of records) {
    if (from === null || from > now) return null;
    first = Math.min(first, from);
  }
  return first;
}
