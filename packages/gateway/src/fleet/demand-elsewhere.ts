import type { PictureDemand } from '@se5/core';
import type { BoxId } from '../config/ids.ts';

export const NO_PICTURES: PictureDemand = { live: false, registered: false };

export const union = (one: PictureDemand, other: PictureDemand): PictureDemand => ({
  live: one.live || other.live,
  registered: one.registered || other.registered,
});

/** Which pictures the clients of other gateways want. */
export class DemandElsewhere {
  readonly #changed: (boxId: BoxId) => void;
  /** By box and gateway. */
  readonly #demands = new Map<BoxId, Map<string, PictureDemand>>();

  /** @param changed is told when what is wanted of a box may be something else. */
  constructor(changed: (boxId: BoxId) => void) {
    this.#changed = changed;
  }

  /** What they want of the box, all together. */
  of(boxId: BoxId): PictureDemand {
    return [...(this.#demands.get(boxId)?.values() ?? [])].reduce(union, NO_PICTURES);
  }

  /** Of each box, what the clients of the gateway want; nothing of all other boxes. */
  set(gateway: string, demands: ReadonlyMap<BoxId, PictureDemand>): void {
    for (const [boxId, demand] of demands) {
      const ofBox = this.#demands.get(boxId) ?? new Map<string, PictureDemand>();
      this.#demands.set(boxId, ofBox.set(gateway, demand));
      this.#changed(boxId);
    }
    for (const [boxId, ofBox] of this.#demands) {
      if (demands.has(boxId) || !ofBox.delete(gateway)) continue;
      if (ofBox.size === 0) this.#demands.delete(boxId);
      this.#changed(boxId);
    }
  }
}
