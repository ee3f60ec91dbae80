import { entryBytes } from '../journal/entry-bytes.ts';
import type { Journal, Position, ReadPage } from '../journal/journal.ts';

/** Read from the journal at once. */
const PAGE_RECORDS = 100;

/** A page is kept for those who come to it meanwhile, in ms: what is erased is gone soon after. */
const SHARED_MS = 100;

/** Of all pages that are kept, by `entryBytes`; beside them, one page is kept whatever its size. */
const MAX_BYTES = 32 * 1024 * 1024;

interface Kept {
  readonly page: ReadPage;
  readonly bytes: number;
  readonly at: number;
}

/** Reads a page of the journal once for all who ask for it within a moment, as all do after a restart. */
export class SharedPages {
  readonly #journal: Journal;
  /** By where they begin, oldest first. */
  readonly #pages = new Map<Position, Kept>();
  #bytes = 0;

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
    if (page.records.length > 0) this.#keep(after, page);
    return page;
  }

  #keep(after: Position, page: ReadPage): void {
    const bytes = page.records.reduce((sum, record) => sum + entryBytes(record), 0);
    this.#drop(after);
    this.#pages.set(after, { page, bytes, at: performance.now() });
    this.#bytes += bytes;
  }

  #forget(before: number): void {
    for (const [position, { at }] of this.#pages) {
      if (at >= before && this.#bytes < MAX_BYTES) return;
      this.#drop(position);
    }
  }

  #drop(position: Position): void {
    this.#bytes -= this.#pages.get(position)?.bytes ?? 0;
    this.#pages.delete(position);
  }
}
