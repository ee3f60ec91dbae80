import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Recognition } from '../recognition.ts';

/** Known sources; beyond it they are looked up anew. A box may invent devices without end. */
const MAX_KNOWN = 10_000;

/** Sources without events that are removed at once. */
const STEP_SOURCES = 200;

/**
 * The rows that events name their device by. Triggers of the file count the events of each, so that
 * a source is removed soon after its last event.
 */
export class Sources {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #removeUnused: StatementSync;
  readonly #known = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      'SELECT id FROM source WHERE site_id = ? AND box_id = ? AND device_id = ?',
    );
    this.#insert = database.prepare(`
      INSERT INTO source (site_id, box_id, device_id) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING`);
    this.#removeUnused = database.prepare(`
      DELETE FROM source
      WHERE id IN (SELECT id FROM source WHERE events = 0 LIMIT ${STEP_SOURCES})`);
  }

  /** The number of the event's source, which is added where it is new. */
  idOf({ siteId, boxId, deviceId }: Recognition): number {
    const key = `${siteId}/${boxId}/${deviceId}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#insert.run(siteId, boxId, deviceId);
    const id = Number(this.#find.get(siteId, boxId, deviceId)?.['id']);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, id);
    return id;
  }

  /** A transaction that may have added sources was rolled back. */
  forget(): void {
    this.#known.clear();
  }

  /** Removes some of the sources that have no events. Whether there may be more. */
  removeUnused(): boolean {
    const removed = Number(this.#removeUnused.run().changes);
    // No event may name a source that is not there any more.
    if (removed > 0) this.#known.clear();
    return removed === STEP_SOURCES;
  }
}
