import { isBareId } from '../config/bare-id.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { EventRecord } from '../journal/journal.ts';

/** One whom events may be for. */
export interface RoutingTarget {
  /** Undefined: every device. Empty: none. Beside `filter.deviceIds`: both must agree. */
  readonly deviceIds: readonly string[] | undefined;
  readonly filter: EventFilter;
  /** What the filter says; `deviceIds` have been seen to. */
  passes(record: EventRecord): boolean;
}

/** One alone is its own bucket: most ids of a long list are named by nobody else. */
type Bucket<Target> = Target | Set<Target>;

type Buckets<Target> = Map<string, Bucket<Target>>;

interface Place<Target> {
  readonly buckets: Buckets<Target>;
  readonly ids: readonly string[];
}

/**
 * Finds whom an event is for by its device, box and site. What that costs depends on how many
 * it may be for, not on how many there are.
 */
export class RoutingIndex<Target extends RoutingTarget> {
  readonly #byDevice: Buckets<Target> = new Map();
  readonly #byBox: Buckets<Target> = new Map();
  readonly #bySite: Buckets<Target> = new Map();
  readonly #everywhere = new Set<Target>();
  #candidatesExamined = 0;

  /** How many targets were looked at, for all events together. */
  get candidatesExamined(): number {
    return this.#candidatesExamined;
  }

  add(target: Target): void {
    const place = this.#placeOf(target);
    if (!place) this.#everywhere.add(target);
    else for (const id of place.ids) addTo(place.buckets, id, target);
  }

  delete(target: Target): void {
    const place = this.#placeOf(target);
    if (!place) this.#everywhere.delete(target);
    else for (const id of place.ids) deleteFrom(place.buckets, id, target);
  }

  /** Whom the event is for, each once. */
  matching(record: EventRecord): readonly Target[] {
    const { deviceId, boxId, siteId } = record.event;
    const found: Target[] = [];
    const byOwnId = isBareId(deviceId) ? this.#byDevice.get(deviceId) : undefined;
    this.#look(byOwnId, record, found);
    this.#look(this.#byDevice.get(`${boxId}/${deviceId}`), record, found, byOwnId);
    this.#look(this.#byBox.get(boxId), record, found);
    this.#look(this.#bySite.get(siteId), record, found);
    this.#look(this.#everywhere, record, found);
    return found;
  }

  #look(
    bucket: Bucket<Target> | undefined,
    record: EventRecord,
    found: Target[],
    seen?: Bucket<Target>,
  ): void {
    if (!bucket) return;
    if (bucket instanceof Set) {
      for (const target of bucket) this.#lookAt(target, record, found, seen);
    } else {
      this.#lookAt(bucket, record, found, seen);
    }
  }

  #lookAt(
    target: Target,
    record: EventRecord,
    found: Target[],
    seen: Bucket<Target> | undefined,
  ): void {
    if (seen instanceof Set ? seen.has(target) : seen === target) return;
    this.#candidatesExamined += 1;
    if (target.passes(record)) found.push(target);
  }

  /** Where a target is found: by the narrowest that it says of where events come from. */
  #placeOf({ deviceIds, filter }: Target): Place<Target> | undefined {
    const devices = deviceIds ?? filter.deviceIds;
    if (devices) return { buckets: this.#byDevice, ids: devices };
    if (filter.boxIds) return { buckets: this.#byBox, ids: filter.boxIds };
    if (filter.siteIds) return { buckets: this.#bySite, ids: filter.siteIds };
    return undefined;
  }
}

function addTo<Target extends RoutingTarget>(
  buckets: Buckets<Target>,
  id: string,
  target: Target,
): void {
  const bucket = buckets.get(id);
  if (bucket === undefined) buckets.set(id, target);
  else if (bucket instanceof Set) bucket.add(target);
  else if (bucket !== target) buckets.set(id, new Set([bucket, target]));
}

function deleteFrom<Target extends RoutingTarget>(
  buckets: Buckets<Target>,
  id: string,
  target: Target,
): void {
  const bucket = buckets.get(id);
  if (bucket instanceof Set) bucket.delete(target);
  if (bucket === target || (bucket instanceof Set && bucket.size === 0)) buckets.delete(id);
}
