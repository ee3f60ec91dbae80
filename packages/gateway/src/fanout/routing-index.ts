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

type Buckets<Target> = Map<string, Set<Target>>;

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
  #looks = 0;

  /** How many targets were looked at, for all events together. */
  get looks(): number {
    return this.#looks;
  }

  add(target: Target): void {
    const place = this.#placeOf(target);
    if (!place) this.#everywhere.add(target);
    for (const id of place?.ids ?? []) {
      const bucket = place?.buckets.get(id);
      if (bucket) bucket.add(target);
      else place?.buckets.set(id, new Set([target]));
    }
  }

  delete(target: Target): void {
    const place = this.#placeOf(target);
    if (!place) this.#everywhere.delete(target);
    for (const id of place?.ids ?? []) {
      const bucket = place?.buckets.get(id);
      bucket?.delete(target);
      if (bucket?.size === 0) place?.buckets.delete(id);
    }
  }

  /** Whom the event is for, each once. */
  matching(record: EventRecord): readonly Target[] {
    const { deviceId, boxId, siteId } = record.event;
    const found: Target[] = [];
    const byOwnId = this.#byDevice.get(deviceId);
    this.#look(byOwnId, record, found);
    this.#look(this.#byDevice.get(`${boxId}/${deviceId}`), record, found, byOwnId);
    this.#look(this.#byBox.get(boxId), record, found);
    this.#look(this.#bySite.get(siteId), record, found);
    this.#look(this.#everywhere, record, found);
    return found;
  }

  #look(
    targets: ReadonlySet<Target> | undefined,
    record: EventRecord,
    found: Target[],
    seen?: ReadonlySet<Target>,
  ): void {
    if (!targets) return;
    for (const target of targets) {
      if (seen?.has(target)) continue;
      this.#looks += 1;
      if (target.passes(record)) found.push(target);
    }
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
