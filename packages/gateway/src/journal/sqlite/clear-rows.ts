import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Keyring } from '../../privacy/keyring.ts';
import type { EventRecord } from '../journal.ts';
import { hasClear, IS_STAYING } from './leaving.ts';
import {
  EMPTY_COLUMNS,
  EVENT_SELECT,
  SEALED_COLUMNS,
  sealedValues,
  toEventRecord,
} from './rows.ts';
import { pragma } from './schema.ts';

/** Rows that are sealed at once: so few that whoever waits for the file notices nothing. */
const STEP_ROWS = 200;

const EMPTIED = Object.entries(EMPTY_COLUMNS).map(([name, value]) => `${name} = ${value}`);

/** How far the sealing of an older gateway's rows is. */
export interface SealingProgress {
  /** Rows that are in clear. */
  readonly left: number;
  /** No byte of the file is in clear any more. */
  readonly isDone: boolean;
}

/**
 * Seals the rows that an older gateway wrote in clear, step by step; then has the file written
 * anew, since its free pages may hold what they were. What was broken off goes on where it was.
 */
export class ClearRows {
  readonly #database: DatabaseSync;
  readonly #keyring: Keyring;
  readonly #find: StatementSync;
  readonly #seal: StatementSync;
  readonly #remove: StatementSync;
  readonly #isAnyLeaving: StatementSync;
  #left: number | undefined;
  #isWrittenAnew = false;

  constructor(database: DatabaseSync, keyring: Keyring) {
    this.#database = database;
    this.#keyring = keyring;
    // The newest first: they are asked for most.
    this.#find = database.prepare(
      `${EVENT_SELECT} WHERE sealed IS NULL AND ${IS_STAYING} ORDER BY position DESC LIMIT ${STEP_ROWS}`,
    );
    this.#seal = database.prepare(`
      UPDATE OR IGNORE event
      SET ${[...EMPTIED, ...SEALED_COLUMNS.map((name) => `${name} = ?`)].join(', ')}
      WHERE position = ?`);
    this.#remove = database.prepare('DELETE FROM event WHERE position = ?');
    this.#isAnyLeaving = database.prepare('SELECT 1 FROM leaving LIMIT 1');
  }

  get progress(): SealingProgress {
    this.#left ??= Number(
      this.#database.prepare('SELECT count(*) AS n FROM event WHERE sealed IS NULL').get()?.['n'],
    );
    return { left: this.#left, isDone: !hasClear(this.#database) };
  }

  /** @throws what SQLite says: of a full disk, say, and the next step tries again. */
  step(): SealingProgress {
    if (!hasClear(this.#database)) return this.progress;
    const records = this.#find
      .all()
      .map((row) => toEventRecord(row, this.#keyring))
      .filter((record) => record !== undefined);
    if (records.length > 0) this.#sealAll(records);
    // What was erased in clear is still to be deleted, and noted in clear.
    else if (this.#isAnyLeaving.get()) this.#isWrittenAnew = false;
    else this.#writeAnew();
    return this.progress;
  }

  #sealAll(records: readonly EventRecord[]): void {
    this.#keyring.prepare(records.map(({ event }) => event));
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const { position, event } of records) {
        const values = sealedValues(event, this.#keyring.sealingKey(event), this.#keyring);
        const { changes } = this.#seal.run(...values, position);
        // The same event is there already, sealed.
        if (changes === 0) this.#remove.run(position);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#left = Math.max(0, this.progress.left - records.length);
  }

  /** Not while somebody reads: then the next step tries again. */
  #writeAnew(): void {
    this.#left = 0;
    if (!this.#isWrittenAnew) this.#database.exec('VACUUM');
    this.#isWrittenAnew = true;
    if (pragma(this.#database, 'wal_checkpoint(TRUNCATE)') !== 0) return;
    this.#database.exec('UPDATE sealing SET has_clear = 0');
  }
}
