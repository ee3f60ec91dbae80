/** What a box is made to wait and to go on with. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Events of one box that are not in the journal yet: minutes of the busiest gate. */
export const MAX_UNDER_WAY = 10_000;

/**
 * Lets a box say no more than is taken: it is paused while as many of its events as may be under
 * way are not taken, and goes on when half of them are. So one box that floods the gateway waits
 * for itself, and takes no room from others.
 */
export class Backpressure {
  readonly #flow: Flow;
  #underWay = 0;
  #isPaused = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** An event is under way until this resolves; it never rejects. */
  add(taken: Promise<unknown>): void {
    this.#underWay += 1;
    // Also where it is paused: it may have connected anew.
    if (this.#underWay >= MAX_UNDER_WAY) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    void taken.then(() => this.#release());
  }

  #release(): void {
    this.#underWay -= 1;
    if (!this.#isPaused || this.#underWay > MAX_UNDER_WAY / 2) return;
    this.#isPaused = false;
    this.#flow.resume();
  }
}
