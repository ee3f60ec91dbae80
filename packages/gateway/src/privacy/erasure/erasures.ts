import { GatewayError } from '../../errors.ts';
import type { ErasureTarget } from '../erasure-target.ts';
import { type ErasureReport, type ErasureServices, erase } from './erase.ts';

/** Erasures that wait for the one that is under way. */
const MAX_WAITING = 1_000;

/** Told what was erased, and what could not be; synchronous, must not throw. */
export interface ErasureObserver {
  erased(report: Pick<ErasureReport, 'events' | 'pictures'>): void;
  failed(error: unknown): void;
}

/** The erasures of a running gateway, one after the other, whoever asks for them. */
export class Erasures implements AsyncDisposable {
  readonly #services: ErasureServices;
  readonly #observer: ErasureObserver;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isStopping = false;

  constructor(services: ErasureServices, observer: ErasureObserver) {
    this.#services = services;
    this.#observer = observer;
  }

  /**
   * Goes on though nobody waits for it any more: what was begun is brought to its end.
   *
   * @throws {JournalError | ImageStoreError} when something may be left; done again, it goes on.
   * @throws {GatewayError} SHUTTING_DOWN when it was not begun before the gateway stopped; OVERLOADED
   *   when too many wait.
   */
  erase(target: ErasureTarget): Promise<ErasureReport> {
    if (this.#waiting >= MAX_WAITING) {
      const message = `${MAX_WAITING} erasures wait. Ask again in a moment.`;
      return Promise.reject(new GatewayError('OVERLOADED', message));
    }
    this.#waiting += 1;
    const erased = this.#last.then(() => this.#run(target));
    this.#last = erased.catch(() => undefined);
    return erased;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    // What it needs is closed after this.
    await this.#last;
  }

  async #run(target: ErasureTarget): Promise<ErasureReport> {
    this.#waiting -= 1;
    try {
      if (this.#isStopping) {
        throw new GatewayError('SHUTTING_DOWN', 'The gateway is stopping: run this again.');
      }
      const report = await erase(target, this.#services);
      this.#observer.erased(report);
      return report;
    } catch (error) {
      this.#observer.failed(error);
      throw error;
    }
  }
}
