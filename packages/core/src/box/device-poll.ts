import type { DeviceList } from '../protocol/devices.ts';
import { BoxError } from '../protocol/errors.ts';
import { Backoff, type BackoffBounds } from './backoff.ts';

/** By how much of its length an interval is shortened or lengthened, so that boxes spread. */
const JITTER = 0.1;

export interface DevicePollOptions {
  /** @throws {BoxError} */
  readonly ask: () => Promise<DeviceList>;
  /** Between the end of one answer and the next question, in ms. */
  readonly everyMs: number;
  /** After a failure it is asked again sooner, though never later than by `everyMs`. */
  readonly backoffMs: BackoffBounds;
  readonly answered: (list: DeviceList) => void;
  readonly failed: (error: BoxError) => void;
}

/** Asks a box for its devices from time to time, and whenever told to; one question at a time. */
export class DevicePoll implements Disposable {
  readonly #options: DevicePollOptions;
  readonly #backoff: Backoff;
  #asking: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: DevicePollOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.backoffMs);
  }

  /**
   * Asks now, or when a question is open already, once more after it: its answer may be older
   * than the change that somebody wants to see. Settles, never rejects, when the answer or
   * the failure was told.
   */
  refresh(): Promise<void> {
    this.#queued ??= this.#round(this.#asking);
    return this.#queued;
  }

  /** Nothing is asked or told from now on. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #round(previous: Promise<void> | undefined): Promise<void> {
    await previous;
    this.#asking = this.#queued;
    this.#queued = undefined;
    clearTimeout(this.#timer);
    if (!this.#disposed) await this.#ask();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const { ask, everyMs, answered, failed } = this.#options;
    let delayMs = everyMs * (1 + JITTER * (2 * Math.random() - 1));
    try {
      const list = await ask();
      if (this.#disposed) return;
      this.#backoff.reset();
      answered(list);
    } catch (error) {
      if (!(error instanceof BoxError)) throw error;
      if (this.#disposed) return;
      delayMs = Math.min(everyMs, this.#backoff.failed());
      failed(error);
    }
    // Told, somebody may have disposed of us.
    if (!this.#disposed) this.#timer = setTimeout(() => void this.refresh(), delayMs);
  }
}
