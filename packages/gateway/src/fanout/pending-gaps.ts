import type { Gap } from '../journal/gap.ts';

/** Above so many, gaps of one kind and box are told as one. */
const MAX_SEPARATE = 100;

/**
 * The gaps that a subscriber has not been told of, until an event goes out that can carry
 * them. A filter may let nothing through for days while a box comes and goes, so above
 * `MAX_SEPARATE` a gap is joined with the latest of the same reason and box: what is told is
 * then longer than what was lost, never shorter.
 */
export class PendingGaps {
  readonly #gaps: Gap[] = [];

  add(gap: Gap): void {
    const index = this.#gaps.length < MAX_SEPARATE ? -1 : this.#indexOfKin(gap);
    const kin = this.#gaps[index];
    if (kin) this.#gaps[index] = join(kin, gap);
    else this.#gaps.push(gap);
  }

  /** Oldest first. */
  get all(): readonly Gap[] {
    return this.#gaps;
  }

  #indexOfKin({ reason, boxId }: Gap): number {
    return this.#gaps.findLastIndex((gap) => gap.reason === reason && gap.boxId === boxId);
  }
}

const join = (earlier: Gap, later: Gap): Gap => ({
  ...earlier,
  to: later.to,
  count: earlier.count === null || later.count === null ? null : earlier.count + later.count,
});
