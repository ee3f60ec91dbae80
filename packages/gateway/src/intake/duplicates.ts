import type { BoxEvent } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { EventId } from '../journal/recognition.ts';
import { eventIdOf, type FaceFingerprint, fingerprintOf } from './event-id.ts';

/** A box that repeats itself does so within seconds; ten minutes outlast its restart. */
const WINDOW_MS = 10 * 60_000;

/** About 20 MB at the most. */
const MAX_EVENTS = 100_000;

interface Seen {
  face: FaceFingerprint | undefined;
  readonly instant: number;
}

/**
 * Names events, and knows those of the last `WINDOW_MS` (the last `MAX_EVENTS` at the most).
 *
 * Two events that are equal in all that makes the id are the same one, unless both have a face
 * picture and these differ: two people before one camera in one millisecond, both strangers.
 */
export class DuplicateWindow {
  /** Oldest first. */
  readonly #seen = new Map<EventId, Seen>();

  /** The event's id, or undefined when it has been here before. `instant` of elapsed time, in ms. */
  admit(boxId: BoxId, event: BoxEvent, instant: number): EventId | undefined {
    this.#forget(instant);
    const face = event.pictures.face && fingerprintOf(event.pictures.face);
    const id = eventIdOf(boxId, event);
    const seen = this.#seen.get(id);
    if (!seen) return this.#remember(id, face, instant);
    seen.face ??= face;
    if (face === undefined || face === seen.face) return undefined;
    const ownId = eventIdOf(boxId, event, face);
    return this.#seen.has(ownId) ? undefined : this.#remember(ownId, face, instant);
  }

  #remember(id: EventId, face: FaceFingerprint | undefined, instant: number): EventId {
    this.#seen.set(id, { face, instant });
    return id;
  }

  #forget(now: number): void {
    for (const [id, { instant }] of this.#seen) {
      if (this.#seen.size <= MAX_EVENTS && now - instant <= WINDOW_MS) break;
      this.#seen.delete(id);
    }
  }
}
