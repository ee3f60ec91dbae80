import type { RecognitionEvent } from '@se5/client';

/** Sightings of one person at one device, each at most so long after the one before, in ms. */
const withinMs = 2 * 60_000;

/** Of one person at one device: newest first, at least one. */
export type Sightings = readonly [RecognitionEvent, ...RecognitionEvent[]];

/**
 * Whose sightings are one: undefined for strangers, whom nothing but the face tells apart, and where
 * the role hides the person.
 */
const personAt = ({ identityId, device }: RecognitionEvent): string | undefined =>
  identityId ? JSON.stringify([device.id, identityId]) : undefined;

/** Gathers sightings of one person at one device, each where the newest of them is. */
export class Folding {
  readonly #open = new Map<string, RecognitionEvent[]>();

  /**
   * @param event none newer than those before it.
   * @returns sightings that grow with later calls; undefined when the event went to earlier ones.
   */
  add(event: RecognitionEvent): Sightings | undefined {
    const person = personAt(event);
    const begun = person === undefined ? undefined : this.#open.get(person);
    const last = begun?.at(-1);
    if (begun && last && Date.parse(last.occurredAt) - Date.parse(event.occurredAt) <= withinMs) {
      begun.push(event);
      return undefined;
    }
    const sightings: [RecognitionEvent, ...RecognitionEvent[]] = [event];
    if (person !== undefined) this.#open.set(person, sightings);
    return sightings;
  }
}

export function foldEvents(events: readonly RecognitionEvent[]): readonly Sightings[] {
  const folding = new Folding();
  return events.flatMap((event) => {
    const sightings = folding.add(event);
    return sightings ? [sightings] : [];
  });
}
