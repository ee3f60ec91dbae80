import type { JournalEvent } from './journal-event.ts';
import { RecentSet } from './recent-set.ts';

/** How many event ids a subscription remembers, to know again what comes twice. */
export const REMEMBERED_IDS = 1000;

/**
 * Where a subscription goes on after its connection was lost. Cursors are opaque: of two, the
 * one that came later on the same socket is the further one.
 */
export class ResumePoint {
  #after: string | undefined;
  readonly #seen = new RecentSet(REMEMBERED_IDS);

  constructor(after: string | undefined) {
    this.#after = after;
  }

  /** Undefined until it is known where the subscription begins. */
  get after(): string | undefined {
    return this.#after;
  }

  /** Everything up to this cursor has come. */
  moveTo(cursor: string): void {
    this.#after = cursor;
  }

  /** Moves behind an event that has come; false when it had come before. */
  accept(event: Pick<JournalEvent, 'id' | 'cursor'>): boolean {
    this.#after = event.cursor;
    return this.#seen.add(event.id);
  }
}
