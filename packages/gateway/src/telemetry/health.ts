import type { LinkState } from '@se5/core';

export interface Readiness {
  readonly ready: boolean;
  /** Why not; empty when ready. */
  readonly reasons: readonly string[];
  /** How many links are in which state: information, never a reason. Boxes come and go. */
  readonly links: Partial<Record<LinkState['name'], number>>;
}

/** Whether new clients should be sent here. */
export class Health {
  readonly #links: () => Iterable<LinkState['name']>;
  readonly #reasons = new Set<string>();

  constructor(links: () => Iterable<LinkState['name']>) {
    this.#links = links;
  }

  /** From now on new clients should go elsewhere. */
  goingAway(): void {
    this.unwell('the gateway is shutting down');
  }

  /** For this reason clients should go elsewhere, until `well` is told the same. */
  unwell(reason: string): void {
    this.#reasons.add(reason);
  }

  well(reason: string | undefined): void {
    if (reason !== undefined) this.#reasons.delete(reason);
  }

  readiness(): Readiness {
    const links: Partial<Record<LinkState['name'], number>> = {};
    for (const state of this.#links()) links[state] = (links[state] ?? 0) + 1;
    return { ready: this.#reasons.size === 0, reasons: [...this.#reasons], links };
  }
}
