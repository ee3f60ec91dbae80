import type { Viewer } from './viewer.ts';
import { type FileContent, WatchedFile } from './watched-file.ts';

/** Of the file. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface DenyListOptions {
  /** Told of the entries that the file did not have before; not of those that it begins with. */
  readonly added: (entries: ReadonlySet<string>) => void;
  /** Told of what the file holds, and of each change. */
  readonly read: (content: FileContent, entries: number) => void;
  /** As for a `WatchedFile`. */
  readonly pollMs?: number | undefined;
}

/**
 * The credentials that are not taken any more, by a file that is watched: one `jti`, `sub` or name
 * of a token on a line. A file that is missing denies nobody; one that can't be read, or has more
 * than 4 MiB, changes nothing.
 */
export class DenyList implements Disposable {
  #entries: ReadonlySet<string> = new Set();
  #file: WatchedFile | undefined;

  static async open(path: string, { added, read, pollMs }: DenyListOptions): Promise<DenyList> {
    const list = new DenyList();
    list.#file = await WatchedFile.open(path, {
      maxBytes: MAX_BYTES,
      ...(pollMs !== undefined && { pollMs }),
      changed(content) {
        const before = list.#entries;
        if (content.kind === 'text') list.#entries = parseDenyList(content.text);
        else if (content.kind === 'missing') list.#entries = new Set();
        read(content, list.#entries.size);
        const news = difference(list.#entries, before);
        if (list.#file && news.size > 0) added(news);
      },
    });
    return list;
  }

  denies({ name, subject, tokenId }: Pick<Viewer, 'name' | 'subject' | 'tokenId'>): boolean {
    return [name, subject, tokenId].some((id) => id !== undefined && this.#entries.has(id));
  }

  /** What this list has and the other has not. */
  beyond(other: DenyList | undefined): ReadonlySet<string> {
    return other ? difference(this.#entries, other.#entries) : this.#entries;
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
  }
}

const difference = (one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...one].filter((entry) => !other.has(entry)));

/** The entries of a deny list: one a line; a `#` at the start or after a space begins a comment. */
export const parseDenyList = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\r|\n/)
      .map((line) => line.replace(/(?:^|\s)#.*$/s, '').trim())
      .filter((entry) => entry !== ''),
  );
