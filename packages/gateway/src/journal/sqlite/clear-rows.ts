import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Keyring } from '../../privacy/keyring.ts';
import { transact } from '../../storage/transact.ts';
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

/** Rows sealed in one transaction: few, so that other work on the file hardly waits. */
const STEP_ROWS = 200;

const EMPTIED = Object.entries(EMPTY_COLUMNS).map(([name, value]) => `${name} = ${value}`);

/** Progress in sealing the rows of an older gateway. */
export interface SealingProgress {
  /** Rows still in clear. */
  readonly left: number;
  /** Whether no part of the file holds such a row in clear, not even free pages. */
  readonly isDone: boolean;
}

/**
 * Seals the rows that an older gateway wrote in clear, step by step. Then it rewrites the file,
 * because free pages may hold their old content. After a restart it continues with the rest.
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
    // The newest first: they are read most.
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

  /** Seals some rows. @throws errors of SQLite, such as a full disk; the next step tries again. */
  step(): SealingProgress {
    if (!hasClear(this.#database)) return this.progress;
    const records = this.#find
      .all()
      .map((row) => toEventRecord(row, this.#keyring))
      .filter((record) => record !== undefined);
    if (records.length > 0) this.#sealAll(records);
    // Erased rows in clear still have to be deleted, and `leaving` holds their plain id.
    else if (this.#isAnyLeaving.get()) this.#isWrittenAnew = false;
    else this.#writeAnew();
    return this.progress;
  }

  #sealAll(records: readonly EventRecord[]): void {
    this.#keyring.prepare(records.map(({ event }) => event));
    transact(this.#database, () => {
      for (const { position, event } of records) {
        const values = sealedValues(event, this.#keyring.sealingKey(event), this.#keyring);
        const { changes } = this.#seal.run(...values, position);
        // The same event already has a sealed row.
        if (changes === 0) this.#remove.run(position);
      }
    });
    this.#left = Math.max(0, this.progress.left - records.length);
  }

  /** Rewrites the file. While a reader holds the log, the next step tries again to empty it. */
  #writeAnew(): void {
    this.#left = 0;
    if (!this.#isWrittenAnew) this.#database.exec('VACUUM');
    this.#isWrittenAnew = true;
    if (pragma(this.#database, 'wal_checkpoint(TRUNCATE)') !== 0) return;
    this.#database.exec('UPDATE sealing SET has_clear = 0');
  }
}
