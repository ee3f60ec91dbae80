import type { Shares } from '../storage/shares.ts';

interface Holding {
  readonly keys: Set<string>;
  readonly share: number;
  bytes: number;
}

/** Which pictures each owner has in memory, so that room is made at the cost of who has the most. */
export class Holdings {
  readonly #shares: Shares;
  readonly #holdings = new Map<string, Holding>();

  /** @param shares Default: equal ones. */
  constructor(shares: Shares = new Map()) {
    this.#shares = shares;
  }

  /** The key is the newest of the owner's. It must not be there yet. */
  add(owner: string, key: string, bytes: number): void {
    let holding = this.#holdings.get(owner);
    if (!holding) {
      holding = { keys: new Set(), share: this.#shares.get(owner) ?? 1, bytes: 0 };
      this.#holdings.set(owner, holding);
    }
    holding.keys.add(key);
    holding.bytes += bytes;
  }

  /** Does nothing when the owner does not have the key. */
  delete(owner: string, key: string, bytes: number): void {
    const holding = this.#holdings.get(owner);
    if (!holding?.keys.delete(key)) return;
    holding.bytes -= bytes;
    if (holding.keys.size === 0) this.#holdings.delete(owner);
  }

  clear(): void {
    this.#holdings.clear();
  }

  /** The oldest key of the owner that has the most for its share; undefined when nobody has any. */
  oldestOfHeaviest(): string | undefined {
    let heaviest: Holding | undefined;
    let most = -1;
    // For each picture that comes, once the room is full: without a list of all owners.
    for (const holding of this.#holdings.values()) {
      const forShare = holding.bytes / holding.share;
      if (forShare <= most) continue;
      most = forShare;
      heaviest = holding;
    }
    const [oldest] = heaviest?.keys ?? [];
    return oldest;
  }
}
