import { stripIgnoredCharacters } from 'graphql';

/** Longer texts, in multiples of the longest document, are not read: they are none of them. */
const MAX_LENGTHENED = 4;

/**
 * The documents of `access.documents`, by their keys and by their texts. Texts are equal when they
 * differ only in what GraphQL ignores: white space, commas and comments.
 */
export class TrustedDocuments {
  readonly #texts = new Map<string, string>();
  readonly #known: ReadonlySet<string>;
  /** Of the longest text, in characters. */
  readonly #longest: number;

  /** @param documents their texts by key; each text is GraphQL. */
  constructor(documents: ReadonlyMap<string, string>) {
    for (const [key, text] of documents) this.#texts.set(key.replace(/^sha256:/, ''), text);
    const texts = [...this.#texts.values()];
    this.#known = new Set(texts.flatMap((text) => [text, stripIgnoredCharacters(text)]));
    this.#longest = Math.max(0, ...texts.map(({ length }) => length));
  }

  /** How many keys there are. */
  get size(): number {
    return this.#texts.size;
  }

  /** The text of the document that has this key, with or without `sha256:` in front. */
  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  /** Whether every document of the other is one of these. */
  hasAll(other: TrustedDocuments): boolean {
    return [...other.#texts.values()].every((text) => this.has(text));
  }

  /** Whether one of the documents has this text. */
  has(text: string): boolean {
    if (this.#known.has(text)) return true;
    if (text.length > this.#longest * MAX_LENGTHENED) return false;
    try {
      return this.#known.has(stripIgnoredCharacters(text));
    } catch {
      return false;
    }
  }
}
