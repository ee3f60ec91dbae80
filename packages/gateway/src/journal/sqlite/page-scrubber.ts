import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** https://sqlite.org/fileformat2.html#pointer_map_pages: the kinds of pages that are part of a b-tree. */
const ROOT_PAGE = 1;
const BTREE_PAGE = 5;
const ENTRY_BYTES = 5;

/** https://sqlite.org/fileformat2.html#b_tree_pages */
const PAGE_HEADER_BYTES: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 };
const FILE_HEADER_BYTES = 100;

/** The page at this byte is never used. */
const PENDING_BYTE = 0x4000_0000;

type Span = readonly [start: number, end: number];

/**
 * Overwrites what is in a database's file without being part of it: when SQLite moves rows from
 * page to page it leaves copies in the unallocated space of its b-tree pages, whatever
 * `secure_delete` says, and nothing but a VACUUM of the whole file would take them away.
 *
 * Only for a file with `auto_vacuum`, whose pointer map says what each page is; and only while
 * the log is empty and nobody writes. Readers don't mind: these bytes mean nothing to them. A
 * connection that writes must forget the pages it knows afterwards (`shrink_memory`).
 *
 * The file stays open until the end, and must be closed after the last connection to it: to
 * close it would give up this process's locks on the file.
 */
export class PageScrubber implements Disposable {
  readonly #file: number;
  readonly #pageSize: number;
  readonly #usableSize: number;
  readonly #map: Buffer;
  #mapPage = 0;

  /** @throws what the system says; a TypeError when the file has no pointer map. */
  constructor(path: string) {
    this.#file = openSync(path, 'r+');
    const header = Buffer.alloc(FILE_HEADER_BYTES);
    readSync(this.#file, header, 0, FILE_HEADER_BYTES, 0);
    const pageSize = header.readUInt16BE(16);
    this.#pageSize = pageSize === 1 ? 65_536 : pageSize;
    this.#usableSize = this.#pageSize - header.readUInt8(20);
    this.#map = Buffer.alloc(this.#pageSize);
    if (header.readUInt32BE(52) === 0) throw new TypeError('the file has no pointer map');
  }

  get pageCount(): number {
    return Math.floor(fstatSync(this.#file).size / this.#pageSize);
  }

  /** Of `count` pages from `first` (the first of all is 1), how many had something to overwrite. */
  scrub(first: number, count: number): number {
    const pages = Buffer.alloc(count * this.#pageSize);
    const offset = (first - 1) * this.#pageSize;
    const read = readSync(this.#file, pages, 0, pages.length, offset);
    this.#mapPage = 0;
    let scrubbed = 0;
    for (let start = 0; start + this.#pageSize <= read; start += this.#pageSize) {
      const number = first + start / this.#pageSize;
      if (!this.#isBtree(number)) continue;
      const page = pages.subarray(start, start + this.#pageSize);
      const dirty = this.#unallocated(page, number === 1 ? FILE_HEADER_BYTES : 0).filter(
        ([from, to]) => page.subarray(from, to).some((byte) => byte !== 0),
      );
      for (const [from, to] of dirty) {
        writeSync(this.#file, Buffer.alloc(to - from), 0, to - from, offset + start + from);
      }
      scrubbed += Math.min(dirty.length, 1);
    }
    if (scrubbed > 0) fsyncSync(this.#file);
    return scrubbed;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #isBtree(number: number): boolean {
    if (number === 1) return true;
    const mapPage = this.#mapPageOf(number);
    if (mapPage === number || number === this.#pendingPage) return false;
    if (mapPage !== this.#mapPage) {
      readSync(this.#file, this.#map, 0, this.#pageSize, (mapPage - 1) * this.#pageSize);
      this.#mapPage = mapPage;
    }
    const kind = this.#map[ENTRY_BYTES * (number - mapPage - 1)];
    return kind === ROOT_PAGE || kind === BTREE_PAGE;
  }

  get #pendingPage(): number {
    return PENDING_BYTE / this.#pageSize + 1;
  }

  #mapPageOf(number: number): number {
    const pagesOfMap = Math.floor(this.#usableSize / ENTRY_BYTES) + 1;
    const page = Math.floor((number - 2) / pagesOfMap) * pagesOfMap + 2;
    return page === this.#pendingPage ? page + 1 : page;
  }

  /** What of a b-tree page holds no cell: the gap before the first one, and freed blocks. */
  #unallocated(page: Buffer, header: number): Span[] {
    const headerBytes = PAGE_HEADER_BYTES[page.readUInt8(header)];
    // Not what the pointer map says: better left alone.
    if (headerBytes === undefined) return [];
    const cells = page.readUInt16BE(header + 3);
    const content = page.readUInt16BE(header + 5) || 65_536;
    const spans: Span[] = [[header + headerBytes + 2 * cells, content]];
    for (let block = page.readUInt16BE(header + 1); block !== 0; ) {
      // A freed block begins with where the next one is, and its own size.
      spans.push([block + 4, block + page.readUInt16BE(block + 2)]);
      const next = page.readUInt16BE(block);
      block = next > block ? next : 0;
    }
    return spans.filter(([from, to]) => from < to && to <= this.#usableSize);
  }
}
