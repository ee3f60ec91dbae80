import type { Detail } from '../journal/detail.ts';
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
  /** By detail and where they begin, oldest first. */
  readonly #pages = new Map<string, Kept>();
  #bytes = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** @throws what the journal throws. */
  async read(after: Position, detail: Detail): Promise<ReadPage> {
    this.#forget(performance.now() - SHARED_MS);
    const known = this.#pages.get(keyOf(after, detail)) ?? this.#pages.get(keyOf(after, 'full'));
    if (known) return known.page;
    const page = await this.#journal.read(after, PAGE_RECORDS, detail);
    // One that is empty now will not be empty for long.
    if (page.records.length > 0) this.#keep(keyOf(after, detail), page);
    return page;
  }

  #keep(key: string, page: ReadPage): void {
    const bytes = page.records.reduce((sum, record) => sum + entryBytes(record), 0);
    this.#drop(key);
    this.#pages.set(key, { page, bytes, at: performance.now() });
    this.#bytes += bytes;
  }

  #forget(before: number): void {
    for (const [key, { at }] of this.#pages) {
      if (at >= before && this.#bytes < MAX_BYTES) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#pages.get(key)?.bytes ?? 0;
    this.#pages.delete(key);
  }
}

const keyOf = (after: Position, detail: Detail): string => `${detail} ${after}`;
