import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { syntaxError, validationError } from './errors.ts';

/** Bound of a document: some rules of validation take time by the square of it. */
const MAX_TOKENS = 4_000;
/** Longer documents, in characters, are looked at anew each time. */
const MAX_CACHED_LENGTH = 8_192;
const MAX_CACHED = 200;

type Checked = DocumentNode | { readonly errors: readonly GraphQLError[] };

/** Parsed and validated documents by their text; those that were asked for longest ago go first. */
export class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #checked = new Map<string, Checked>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  get(text: string): Checked {
    const checked = this.#checked.get(text) ?? this.#check(text);
    if (text.length > MAX_CACHED_LENGTH) return checked;
    this.#checked.delete(text);
    this.#checked.set(text, checked);
    if (this.#checked.size > MAX_CACHED) {
      const [oldest] = this.#checked.keys();
      if (oldest !== undefined) this.#checked.delete(oldest);
    }
    return checked;
  }

  #check(text: string): Checked {
    let document: DocumentNode;
    try {
      document = parse(text, { maxLexicalTokens: MAX_TOKENS });
    } catch (error) {
      return { errors: [syntaxError(error)] };
    }
    const errors = validate(this.#schema, document);
    return errors.length === 0 ? document : { errors: errors.map(validationError) };
  }
}
