/** A box with more has ids that it invents: each would stay in the journal for good. */
export const MAX_HEARD_DEVICES = 1_000;

/** A device that was not heard for so long makes room for another, in ms. */
const FORGOTTEN_AFTER_MS = 86_400_000;

/** The devices of one box that were heard within a day, up to a bound. */
export class HeardDevices {
  /** When, as an instant; the longest not heard first. */
  readonly #heardAt = new Map<string, number>();

  /** Whether an event of the device may be taken: then it counts as heard. */
  admits(deviceId: string, instant: number): boolean {
    if (!this.#heardAt.delete(deviceId) && this.#heardAt.size >= MAX_HEARD_DEVICES) {
      const [oldest] = this.#heardAt;
      if (!oldest || instant - oldest[1] < FORGOTTEN_AFTER_MS) return false;
      this.#heardAt.delete(oldest[0]);
    }
    this.#heardAt.set(deviceId, instant);
    return true;
  }
}
