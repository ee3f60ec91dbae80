import { Random } from './random.ts';

/** After a pause of the process, arrivals older than this are not made up for, in ms. */
const MAX_LATENESS_MS = 1000;

/** Calls `arrive` at random times that average to a rate: a Poisson process. */
export class Traffic implements Disposable {
  readonly #random: Random;
  readonly #arrive: () => void;
  #perSecond = 0;
  #due = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(seed: number, arrive: () => void) {
    this.#random = new Random(seed, 'traffic');
    this.#arrive = arrive;
  }

  /** 0 stops. @throws {RangeError} when the rate is negative or not finite. */
  setRate(perSecond: number): void {
    if (!Number.isFinite(perSecond) || perSecond < 0) {
      throw new RangeError(`A rate is a number of events per second from 0, not ${perSecond}`);
    }
    this[Symbol.dispose]();
    this.#perSecond = perSecond;
    if (perSecond === 0) return;
    this.#due = performance.now() + this.#gap();
    this.#wait();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #gap(): number {
    return this.#random.exponential(1000 / this.#perSecond);
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#catchUp(), Math.max(0, this.#due - performance.now()));
  }

  // A timer is no finer than a millisecond: at high rates several arrivals are due at once.
  #catchUp(): void {
    const now = performance.now();
    this.#due = Math.max(this.#due, now - MAX_LATENESS_MS);
    const rate = this.#perSecond;
    while (this.#due <= now && this.#perSecond === rate) {
      this.#due += this.#gap();
      this.#arrive();
    }
    if (this.#timer !== undefined) this.#wait();
  }
}
