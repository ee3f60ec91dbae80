import type { Day } from '../key-file.ts';
import type { KeyId, KeyOwner, KeyUse } from './key-messages.ts';

export interface KnownKey {
  readonly id: KeyId;
  readonly owner: KeyOwner;
}

/** Of a key of which the cluster has not told a use yet. */
const NEVER: Day = -1;

/** The keys of a day or a person: one, unless gateways created some apart from each other. */
interface OwnerKeys {
  readonly ids: readonly KeyId[];
  /** The last use of the key that was used least recently. */
  readonly usedOn: Day;
}

/**
 * Which keys the local file has, when the cluster used them, and which are forgotten: about 200
 * bytes of memory a key.
 */
export class KnownKeys {
  readonly #keys = new Map<KeyId, KnownKey & KeyUse>();
  readonly #owners = new Map<KeyOwner, OwnerKeys>();
  readonly #forgotten = new Set<KeyId>();
  #newestUse: Day = 0;

  has(id: KeyId): boolean {
    return this.#keys.has(id);
  }

  isForgotten(id: KeyId): boolean {
    return this.#forgotten.has(id);
  }

  get ids(): readonly KeyId[] {
    return [...this.#keys.keys()];
  }

  get forgotten(): readonly KeyId[] {
    return [...this.#forgotten];
  }

  /** The last use of any key. */
  get newestUse(): Day {
    return this.#newestUse;
  }

  /** The last use of each key that the cluster knows of. */
  get uses(): readonly KeyUse[] {
    return [...this.#keys.values()];
  }

  /** The last use of the owner's keys that the cluster knows of; undefined when it has none. */
  usedOn(owner: KeyOwner): Day | undefined {
    return this.#owners.get(owner)?.usedOn;
  }

  /** The owners of these keys, as far as they are known. */
  ownersOf(ids: readonly KeyId[]): readonly KeyOwner[] {
    return ids.flatMap((id) => this.#keys.get(id)?.owner ?? []);
  }

  idsOf(owner: KeyOwner): readonly KeyId[] {
    return this.#owners.get(owner)?.ids ?? [];
  }

  /** The keys of all days before this one. */
  idsBefore(day: Day): readonly KeyId[] {
    return this.#filter(({ owner }) => typeof owner === 'number' && owner < day);
  }

  /** The keys that are not known to be used on or after the day. */
  unusedSince(day: Day): readonly KeyId[] {
    return this.#filter(({ usedOn }) => usedOn < day);
  }

  add({ id, owner }: KnownKey, usedOn = NEVER): void {
    this.#keys.set(id, { id, owner, usedOn });
    this.#newestUse = Math.max(this.#newestUse, usedOn);
    this.#gather(owner, [...this.idsOf(owner).filter((other) => other !== id), id]);
  }

  /** Ignores a key that is unknown, or was used later. */
  use({ id, usedOn }: KeyUse): void {
    const key = this.#keys.get(id);
    if (key && key.usedOn < usedOn) this.add(key, usedOn);
  }

  /** Notes that nobody may use the key. */
  forget(id: KeyId): void {
    this.remove(id);
    this.#forgotten.add(id);
  }

  /** Returns the key; undefined when it is unknown. */
  remove(id: KeyId): (KnownKey & KeyUse) | undefined {
    const key = this.#keys.get(id);
    if (!key) return undefined;
    this.#keys.delete(id);
    this.#gather(
      key.owner,
      this.idsOf(key.owner).filter((other) => other !== id),
    );
    return key;
  }

  #gather(owner: KeyOwner, ids: readonly KeyId[]): void {
    const uses = ids.map((id) => this.#keys.get(id)?.usedOn ?? NEVER);
    if (ids.length === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, { ids, usedOn: Math.min(...uses) });
  }

  #filter(isWanted: (key: KnownKey & KeyUse) => boolean): readonly KeyId[] {
    return [...this.#keys.values()].filter(isWanted).map(({ id }) => id);
  }
}
