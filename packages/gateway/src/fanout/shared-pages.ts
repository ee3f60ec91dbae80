import type { Journal, Position, ReadPage } from '../journal/journal.ts';

/** Read from the journal at once. */
const PAGE_RECORDS = 100;

/** A page is kept for those who come to it meanwhile, in ms: what is erased is gone soon after. */
const SHARED_MS = 100;

const MAX_PAGES = 16;

/** Reads a page of the journal once for all who ask for it within a moment, as all do after a restart. */
export class SharedPages {
  readonly #journal: Journal;
  /** By where they begin, oldest first. */
  readonly #pages = new Map<Position, { readonly page: ReadPage; readonly at: number }>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** @throws what the journal throws. */
  async read(after: Position): Promise<ReadPage> {
    this.#forget(performance.now() - SHARED_MS);
    const known = this.#pages.get(after);
    if (known) return known.page;
    const page = await this.#journal.read(after, PAGE_RECORDS);
    // One that is empty now will not be empty for long.
    if (page.records.length > 0) this.#pages.set(after, { page, at: performance.now() });
    return page;
  }

  #forget(before: number): void {
    for (const [position, { at }] of this.#pages) {
      if (at >= before && this.#pages.size < MAX_PAGES) return;
      this.#pages.delete(position);
    }
  }
}
