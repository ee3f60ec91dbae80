import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { UncoveredRows } from '../../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import { dayOf, type Forgotten } from '../../privacy/key-file.ts';
import type { Keyring } from '../../privacy/keyring.ts';
import { transact } from '../../storage/transact.ts';
import type { Packing } from './packing.ts';
import { REMOVE_ALARMS } from './remove-alarms.ts';
import { BLOCK_SIZE } from './schema.ts';
import { readState } from './state.ts';

/** Events deleted in one transaction: few, so that other work on the file hardly waits. */
const STEP_EVENTS = 200;

/** Longest search in one step before other work has its turn, in ms. */
const SLICE_MS = 10;

/** SQL condition: a row of `event` is not erased. */
export const IS_STAYING = `NOT EXISTS (
  SELECT 1 FROM leaving WHERE event.position <= leaving.up_to AND (
    event.identity_id = leaving.person OR event.day_key = leaving.day_key OR
    event.received_at < leaving.before_time OR event.occurred_at < leaving.before_time))`;

/** A row of `leaving`: the erased person's tag, the erased day's id, or an erased time, in one of three columns. */
interface LeavingRow {
  readonly id: number;
  readonly column: 'identity_id' | 'day_key' | 'time';
  readonly value: SQLInputValue;
  readonly upTo: number;
}

/**
 * Hides erased rows from all readers, and deletes them afterwards, step by step. The keys of the
 * sealed rows are already forgotten.
 */
export class Leaving {
  readonly #database: DatabaseSync;
  readonly #keyring: Keyring;
  readonly #packing: Packing;
  readonly #next: StatementSync;
  readonly #note: StatementSync;
  readonly #unnoteDay: StatementSync;
  readonly #done: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAlarms: StatementSync;
  readonly #ofPerson: StatementSync;
  readonly #ofDay: StatementSync;
  readonly #ofTime: StatementSync;
  readonly #behind: StatementSync;
  /** The row of `leaving` in progress, and the position where its search continues. */
  #at: { readonly id: number; readonly position: number } | undefined;

  /** @param packing Is told of the deleted records. */
  constructor(database: DatabaseSync, keyring: Keyring, packing: Packing) {
    this.#database = database;
    this.#keyring = keyring;
    this.#packing = packing;
    this.#next = database.prepare('SELECT * FROM leaving ORDER BY id LIMIT 1');
    this.#note = database.prepare(
      'INSERT INTO leaving (person, day_key, before_time, up_to) VALUES (?, ?, ?, ?)',
    );
    this.#unnoteDay = database.prepare('DELETE FROM leaving WHERE day_key = ?');
    this.#done = database.prepare('DELETE FROM leaving WHERE id = ?');
    this.#remove = database.prepare('DELETE FROM event WHERE position = ? RETURNING bytes');
    this.#removeAlarms = database.prepare(REMOVE_ALARMS);
    this.#behind = database.prepare(
      'SELECT min(position) AS position FROM event WHERE position >= ?',
    );
    const some = (where: string) =>
      database.prepare(`SELECT position FROM event WHERE ${where} LIMIT ${STEP_EVENTS}`);
    // The index by identity begins with the block; by day and time, all of a block is read.
    this.#ofPerson = some('position >> 12 = ? AND identity_id = ? AND +position <= ?');
    this.#ofDay = some('position BETWEEN ? AND ? AND day_key = ?');
    this.#ofTime = some('position BETWEEN ?1 AND ?2 AND (received_at < ?3 OR occurred_at < ?3)');
  }

  /**
   * Forgets the keys, and notes the rows that the keys don't cover: those of strangers, of the last
   * day of a time, and in clear. @throws errors of SQLite; {@link KeyFileError}
   */
  erase(target: ErasureTarget, today: number): void {
    const what =
      target.kind === 'identity'
        ? { identityId: target.identityId }
        : { before: dayOf(target.time) };
    this.#keyring.forget(what, today);
    if (target.kind === 'before') {
      this.hide(target);
      return;
    }
    const { identityId } = target;
    this.hide({ kind: 'stranger', stranger: this.#keyring.strangerTagOf(identityId) });
    // Rows in clear hold the plain id.
    if (hasClear(this.#database)) {
      this.#note.run(identityId, null, null, readState(this.#database).newest);
    }
  }

  /**
   * Notes the rows of forgotten keys, and those of an erasure that no key covers. In a cluster, the
   * file may be ahead of the erasure or behind it, so the position of the notice decides.
   */
  hide(rows: UncoveredRows): void {
    this.followKeyFile((forgotten) => {
      const upTo = rows.until?.position ?? readState(this.#database).newest;
      if (rows.kind === 'stranger') {
        this.#note.run(rows.stranger, null, null, upTo);
        return;
      }
      this.#note.run(null, null, rows.time, upTo);
      // One search for the time instead of one for each day.
      const days = forgotten.flatMap(({ key }) => ('day' in key ? [key.day] : []));
      for (const day of days) this.#unnoteDay.run(day);
    });
  }

  /** Notes the keys forgotten since the last call; `more` notes others in the same transaction. */
  followKeyFile(more?: (forgotten: readonly Forgotten[]) => void): void {
    const last = Number(
      this.#database.prepare('SELECT forgotten FROM sealing').get()?.['forgotten'],
    );
    const forgotten = this.#keyring.file.forgottenBehind(last);
    const newestId = forgotten.at(-1)?.id;
    if (newestId === undefined && !more) return;
    this.#transact(() => {
      const { newest } = readState(this.#database);
      for (const { key } of forgotten) {
        if ('person' in key) this.#note.run(key.person, null, null, newest);
        else this.#note.run(null, key.day, null, newest);
      }
      if (newestId !== undefined) {
        this.#database.prepare('UPDATE sealing SET forgotten = ?').run(newestId);
      }
      more?.(forgotten);
    });
  }

  /** Deletes some erased rows. Returns whether there may be more. */
  step(): boolean {
    const row = leavingRow(this.#next.get());
    if (!row) return false;
    const until = performance.now() + SLICE_MS;
    let at = this.#at?.id === row.id ? this.#at.position : 0;
    for (;;) {
      // Positions may be left out in great numbers.
      const next = this.#behind.get(at)?.['position'];
      if (typeof next !== 'number' || next > row.upTo) {
        this.#done.run(row.id);
        break;
      }
      const block = Math.floor(next / BLOCK_SIZE);
      const positions = this.#positionsIn(row, block);
      if (positions.length > 0) this.#delete(positions);
      // A block may hold more than one step takes.
      if (positions.length === STEP_EVENTS) break;
      at = (block + 1) * BLOCK_SIZE;
      if (performance.now() > until) break;
    }
    this.#at = { id: row.id, position: at };
    return true;
  }

  #positionsIn({ column, value, upTo }: LeavingRow, block: number): number[] {
    const [low, high] = [block * BLOCK_SIZE, Math.min((block + 1) * BLOCK_SIZE - 1, upTo)];
    const rows =
      column === 'identity_id'
        ? this.#ofPerson.all(block, value, upTo)
        : (column === 'day_key' ? this.#ofDay : this.#ofTime).all(low, high, value);
    return rows.map(({ position }) => Number(position));
  }

  #delete(positions: readonly number[]): void {
    this.#transact(() => {
      const { newest } = readState(this.#database);
      for (const position of positions) this.#removeAlarms.run(position);
      const gone = positions.map((position) => ({
        position,
        bytes: Number(this.#remove.get(position)?.['bytes'] ?? 0),
      }));
      this.#packing.loosen(gone);
      // A position is never given out twice, even after its record is deleted.
      this.#database.prepare('UPDATE state SET given_to = ?').run(newest);
    });
  }

  #transact(work: () => void): void {
    try {
      transact(this.#database, work);
    } catch (error) {
      this.#packing.recount();
      throw error;
    }
  }
}

/** Whether rows or free pages may hold data that an older gateway wrote in clear. */
export const hasClear = (database: DatabaseSync): boolean =>
  database.prepare('SELECT has_clear FROM sealing').get()?.['has_clear'] === 1;

function leavingRow(row: Record<string, unknown> | undefined): LeavingRow | undefined {
  if (!row) return undefined;
  const { id, person, day_key: day, before_time: before, up_to: upTo } = row;
  const rest = { id: Number(id), upTo: Number(upTo) };
  if (typeof person === 'string') return { ...rest, column: 'identity_id', value: person };
  if (typeof day === 'number') return { ...rest, column: 'day_key', value: day };
  return { ...rest, column: 'time', value: Number(before) };
}
