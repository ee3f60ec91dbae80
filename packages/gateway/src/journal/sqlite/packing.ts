import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../../storage/transact.ts';
import { EVENT_COLUMNS } from './rows.ts';

/** Positions of a stretch: its records fill some tens of pages. */
const STRETCH_SIZE = 256;

/** Of a stretch, so many bytes of events are packed at most, and one event at least. */
const MAX_BYTES = 1024 * 1024;

/** What a record leaves loose at most: of a longer one most has pages of its own, which are freed. */
const MAX_LOOSE_BYTES = 4_096;

const COLUMNS = ['position', 'source', ...EVENT_COLUMNS];

/**
 * Gives the room back that records left between others.
 *
 * SQLite frees a page once it is nearly empty. Where one box's records go from among those of
 * others, pages stay half full. Here it is noted how much went from each stretch of positions; the
 * events that are left of a stretch are taken out and put in again, which fills its pages.
 */
export class Packing {
  readonly #database: DatabaseSync;
  readonly #loosen: StatementSync;
  readonly #loosest: StatementSync;
  readonly #settle: StatementSync;
  readonly #forget: StatementSync;
  readonly #events: StatementSync;
  readonly #remove: StatementSync;
  readonly #insert: StatementSync;
  #loose: number | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#loosen = database.prepare(`
      INSERT INTO loose VALUES (?, ?)
      ON CONFLICT (stretch) DO UPDATE SET bytes = bytes + excluded.bytes`);
    this.#loosest = database.prepare(
      'SELECT stretch, bytes FROM loose ORDER BY bytes DESC LIMIT 1',
    );
    this.#settle = database.prepare('DELETE FROM loose WHERE stretch = ?');
    this.#forget = database.prepare('DELETE FROM loose WHERE stretch < ? RETURNING bytes');
    this.#events = database.prepare(`
      SELECT ${COLUMNS.join(', ')}, bytes FROM event WHERE position BETWEEN ? AND ?
      ORDER BY position`);
    this.#remove = database.prepare('DELETE FROM event WHERE position BETWEEN ? AND ?');
    this.#insert = database.prepare(`
      INSERT INTO event (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
  }

  /** About how many bytes went since from stretches that are not packed. */
  get loose(): number {
    this.#loose ??= Number(
      this.#database.prepare('SELECT total(bytes) AS bytes FROM loose').get()?.['bytes'],
    );
    return this.#loose;
  }

  /** These records went, in the transaction that is open. */
  loosen(gone: readonly { readonly position: number; readonly bytes: number }[]): void {
    const stretches = new Map<number, number>();
    for (const { position, bytes } of gone) {
      const stretch = Math.floor(position / STRETCH_SIZE);
      const loose = Math.min(bytes, MAX_LOOSE_BYTES);
      stretches.set(stretch, (stretches.get(stretch) ?? 0) + loose);
    }
    const { loose } = this;
    for (const [stretch, bytes] of stretches) this.#loosen.run(stretch, bytes);
    this.#loose = loose + sum([...stretches.values()]);
  }

  /** A transaction in which something went was rolled back. */
  recount(): void {
    this.#loose = undefined;
  }

  /** All records up to this position are gone. */
  forget(end: number): void {
    const { loose } = this;
    const forgotten = this.#forget.all(Math.floor((end + 1) / STRETCH_SIZE));
    this.#loose = loose - sum(forgotten.map(({ bytes }) => Number(bytes)));
  }

  /** Packs the stretch that most went from; false when nothing went from any. */
  step(): boolean {
    const loosest = this.#loosest.get();
    const stretch = loosest?.['stretch'];
    const { loose } = this;
    if (typeof stretch !== 'number') return false;
    transact(this.#database, () => {
      this.#pack(stretch * STRETCH_SIZE, (stretch + 1) * STRETCH_SIZE - 1);
      this.#settle.run(stretch);
    });
    this.#loose = loose - Number(loosest?.['bytes']);
    return true;
  }

  #pack(low: number, high: number): void {
    const rows = [];
    let total = 0;
    for (const { bytes, ...row } of this.#events.iterate(low, high)) {
      rows.push(row);
      total += Number(bytes);
      if (total >= MAX_BYTES) break;
    }
    this.#remove.run(low, Number(rows.at(-1)?.['position'] ?? low));
    for (const row of rows) this.#insert.run(...Object.values(row));
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
