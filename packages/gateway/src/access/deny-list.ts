import { ConfigError } from '../config/problems.ts';
import type { Viewer } from './viewer.ts';
import { type FileContent, WatchedFile } from './watched-file.ts';

/** Of the file. */
const MAX_BYTES = 4 * 1024 * 1024;

/** How long an entry that has gone from the file still counts, in ms. */
const SETTLE_MS = 1_000;

export interface DenyListOptions {
  /** Told when `entries` change; not of those that the file begins with. */
  readonly changed: () => void;
  /** Told of what the file holds, and of each change. */
  readonly read: (content: FileContent, entries: number) => void;
  /** As for a `WatchedFile`; an entry that goes counts as long. Default 1,000. */
  readonly pollMs?: number | undefined;
}

/**
 * The credentials that are not taken any more, by a file that is watched: one `jti`, `sub` or name
 * of a token on a line. A file that is missing denies nobody; one that can't be read, or has more
 * than 4 MiB, changes nothing.
 *
 * A new entry counts at once. One that goes counts for a moment longer: a file that is being
 * written anew is empty in between, and must let nobody in.
 */
export class DenyList implements Disposable {
  readonly #options: DenyListOptions;
  #entries: ReadonlySet<string> = new Set();
  #file: WatchedFile | undefined;
  #settling: NodeJS.Timeout | undefined;
  /** It was once known what the file holds. */
  #isRead = false;

  private constructor(options: DenyListOptions) {
    this.#options = options;
  }

  /** @throws {ConfigError} when the file is there and can't be read. */
  static async open(path: string, options: DenyListOptions): Promise<DenyList> {
    const list = new DenyList(options);
    const { pollMs } = options;
    list.#file = await WatchedFile.open(path, {
      maxBytes: MAX_BYTES,
      ...(pollMs !== undefined && { pollMs }),
      changed: (content) => list.#changed(content),
    });
    if (!list.#isRead) {
      list[Symbol.dispose]();
      const message = `${path}: access.deny: the file is there and can't be read, or has more than ${MAX_BYTES} bytes; whoever it denies would be let in`;
      throw new ConfigError(path, [], message);
    }
    return list;
  }

  get entries(): ReadonlySet<string> {
    return this.#entries;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#settling);
    this.#file?.[Symbol.dispose]();
  }

  #changed(content: FileContent): void {
    const { changed, read, pollMs = SETTLE_MS } = this.#options;
    clearTimeout(this.#settling);
    const latest = entriesOf(content);
    if (!latest) {
      read(content, this.#entries.size);
      return;
    }
    this.#isRead = true;
    read(content, latest.size);
    const before = this.#entries;
    this.#entries = new Set([...before, ...latest]);
    if (this.#entries.size > latest.size) {
      this.#settling = setTimeout(() => {
        this.#entries = latest;
        changed();
      }, pollMs).unref();
    }
    if (this.#file && this.#entries.size > before.size) changed();
  }
}

/** Undefined where the file says nothing. */
function entriesOf(content: FileContent): ReadonlySet<string> | undefined {
  if (content.kind === 'text') return parseDenyList(content.text);
  return content.kind === 'missing' ? new Set() : undefined;
}

/** Whether one of the entries names the viewer. */
export const isDenied = (
  { name, subject, tokenId }: Pick<Viewer, 'name' | 'subject' | 'tokenId'>,
  entries: ReadonlySet<string>,
): boolean => [name, subject, tokenId].some((id) => id !== undefined && entries.has(id));

/** The entries of a deny list: one a line; a `#` at the start or after a space begins a comment. */
export const parseDenyList = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\r|\n/)
      .map((line) => line.replace(/(?:^|\s)#.*$/s, '').trim())
      .filter((entry) => entry !== ''),
  );
