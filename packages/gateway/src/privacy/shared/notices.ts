import { Backoff, type Clock } from '@se5/core';
import type { ErasureNotice } from '../erasure-notice.ts';
import type { Erasure } from './key-messages.ts';

/** Between two attempts, in ms: JetStream elects a leader within 4 to 9 s. */
export const RETRY_MS = { min: 100, max: 5_000 };

export interface NoticesOptions {
  readonly tell: (notice: ErasureNotice) => void | Promise<void>;
  /** Notes that the stores of this gateway have followed the erasures. */
  readonly followed: (erasures: readonly Erasure[]) => Promise<void>;
  readonly fault: (error: unknown) => void;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Keys that are gone from the key file, and the hashed names of the persons whose keys they were. */
export type ForgottenKeys = Pick<ErasureNotice, 'forgotten' | 'persons'>;

/** Tells the stores of erasures, one after the other, each until it is taken. */
export class Notices {
  readonly #options: NoticesOptions;
  /** Erasures that are not followed yet. The stream shows them again when it is read again. */
  readonly #pending = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  add(keys: ForgottenKeys, erasures: readonly Erasure[]): void {
    const fresh = erasures.filter(({ id }) => !this.#pending.has(id));
    if (keys.forgotten.length + fresh.length === 0) return;
    for (const { id } of fresh) this.#pending.add(id);
    this.#last = this.#last.then(() => this.#tell(keys, fresh));
  }

  async #tell(keys: ForgottenKeys, erasures: readonly Erasure[]): Promise<void> {
    const { tell, followed, fault, clock, signal } = this.#options;
    const uncovered = erasures.map(({ rows }) => rows);
    const backoff = new Backoff(RETRY_MS);
    while (!signal.aborted) {
      try {
        await tell({ ...keys, uncovered });
        if (erasures.length > 0) await followed(erasures);
        for (const { id } of erasures) this.#pending.delete(id);
        return;
      } catch (error) {
        if (signal.aborted) return;
        fault(error);
        await clock.sleep(backoff.failed(), signal).catch(() => {});
      }
    }
  }
}
