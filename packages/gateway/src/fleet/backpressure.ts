import type { UnderWay } from './fleet-sink.ts';

/** What one box may have under way to the journal: minutes of the busiest gate. */
export const MAX_EVENTS_UNDER_WAY = 10_000;
export const MAX_BYTES_UNDER_WAY = 16 * 1024 * 1024;

/** What a box is made to wait and to go on with. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * Pauses a box while it has more under way to the journal than it may, and lets it go on at half of
 * that. So a box that floods the gateway waits for itself, and leaves others their room.
 */
export class Backpressure {
  readonly #flow: Flow;
  #events = 0;
  #bytes = 0;
  #isPaused = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  add({ bytes, taken }: UnderWay): void {
    this.#events += 1;
    this.#bytes += bytes;
    // Also where it is paused: it may have connected anew.
    if (this.#share >= 1) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    void taken.then(() => this.#release(bytes));
  }

  /** Of what may be under way. */
  get #share(): number {
    return Math.max(this.#events / MAX_EVENTS_UNDER_WAY, this.#bytes / MAX_BYTES_UNDER_WAY);
  }

  #release(bytes: number): void {
    this.#events -= 1;
    this.#bytes -= bytes;
    if (!this.#isPaused || this.#share > 0.5) return;
    this.#isPaused = false;
    this.#flow.resume();
  }
}
