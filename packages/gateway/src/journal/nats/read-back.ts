import { HeardEvents } from '../heard-events.ts';
import type { BoxEntry } from '../journal.ts';
import type { Recognition } from '../recognition.ts';

/** No more events are kept of one box: what it gives in 40 s. */
const MAX_EVENTS = 10_000;

/**
 * What other gateways read back of a box while this one hears it already and does not own it yet. An
 * event that is read back has another id than the same one live.
 */
export class ReadBack {
  readonly #events = new HeardEvents();
  #count = 0;

  add(event: Recognition): void {
    if (this.#count === MAX_EVENTS) return;
    this.#count += 1;
    this.#events.add(event);
  }

  /** Whether this is one of them, heard live. Each is taken once. */
  take(entry: BoxEntry): boolean {
    return (
      entry.kind === 'event' && entry.event.delivery === 'LIVE' && this.#events.take(entry.event)
    );
  }
}
