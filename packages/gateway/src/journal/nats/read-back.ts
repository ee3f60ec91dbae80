import { HeardEvents } from '../heard-events.ts';
import type { BoxEntry } from '../journal.ts';
import type { Recognition } from '../recognition.ts';

/** Twice as many events of one box are kept at most; then the older half is forgotten. */
const MAX_NEWER = 5_000;

/**
 * What other gateways read back of a box while this one hears it already and does not own it yet. An
 * event that is read back has another id than the same one live.
 */
export class ReadBack {
  #older = new HeardEvents();
  #newer = new HeardEvents();
  #count = 0;

  add(event: Recognition): void {
    if (this.#count === MAX_NEWER) {
      this.#older = this.#newer;
      this.#newer = new HeardEvents();
      this.#count = 0;
    }
    this.#count += 1;
    this.#newer.add(event);
  }

  /** Whether this is one of them, heard live. Each is taken once. */
  take(entry: BoxEntry): boolean {
    if (entry.kind !== 'event' || entry.event.delivery !== 'LIVE') return false;
    return this.#older.take(entry.event) || this.#newer.take(entry.event);
  }
}
