import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  validate,
} from 'graphql';
import type { LimitsConfig } from '../config/limits.ts';
import { type OperationPrice, priceOperations } from '../schema/price.ts';
import { longListIn } from './argument-size.ts';
import { limitError, MAX_ERRORS, syntaxError, validationError } from './errors.ts';
import { measureOperations } from './operation-size.ts';

/** Bound of a document: some rules of validation take time by the square of it. */
const MAX_TOKENS = 4_000;
/** Longer documents, in characters, are looked at anew each time. */
const MAX_CACHED_LENGTH = 8_192;
const MAX_CACHED = 200;

const SIZES = [
  { of: 'depth', code: 'OPERATION_TOO_DEEP', what: 'nesting depth' },
  { of: 'aliases', code: 'TOO_MANY_ALIASES', what: 'number of aliased fields' },
] as const;

const INTROSPECTION_DISABLED =
  'Introspection is disabled by the key introspection of the gateway’s configuration: `__schema` and `__type` can’t be queried.';

/** A document that may be executed, as far as it tells by itself. */
export interface CheckedDocument {
  readonly document: DocumentNode;
  readonly operations: readonly OperationPrice[];
}

type Checked = CheckedDocument | { readonly errors: readonly GraphQLError[] };

export type DocumentLimits = Pick<
  LimitsConfig,
  'documentBytes' | 'depth' | 'aliases' | 'listItems'
>;

/**
 * Parsed documents by their text, valid and within the limits; those that were asked for longest
 * ago go first.
 */
export class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #limits: DocumentLimits;
  readonly #introspection: boolean;
  readonly #checked = new Map<string, Checked>();

  /**
   * @param introspection Whether a document may ask what the schema holds. Default true; with
   *   false, errors suggest no names of the schema either.
   */
  constructor(schema: GraphQLSchema, limits: DocumentLimits, introspection = true) {
    this.#schema = schema;
    this.#limits = limits;
    this.#introspection = introspection;
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
    const { documentBytes } = this.#limits;
    const byteLength = Buffer.byteLength(text);
    if (byteLength > documentBytes) {
      const sizes = `has ${byteLength} bytes; allowed: ${documentBytes}`;
      return { errors: [limitError('DOCUMENT_TOO_LARGE', `The document ${sizes}.`)] };
    }
    let document: DocumentNode;
    try {
      document = parse(text, { maxLexicalTokens: MAX_TOKENS });
    } catch (error) {
      return { errors: [syntaxError(error)] };
    }
    const errors = validate(this.#schema, document, undefined, {
      hideSuggestions: !this.#introspection,
      maxErrors: MAX_ERRORS,
    });
    if (errors.length > 0) return { errors: errors.map(validationError) };
    if (!this.#introspection && introspects(this.#schema, document)) {
      return { errors: [limitError('INTROSPECTION_DISABLED', INTROSPECTION_DISABLED)] };
    }
    const excesses = this.#excesses(document);
    if (excesses.length > 0) return { errors: excesses };
    return { document, operations: priceOperations(this.#schema, document) };
  }

  #excesses(document: DocumentNode): readonly GraphQLError[] {
    const longList = longListIn(document, this.#limits.listItems);
    if (longList) return [longList];
    const size = measureOperations(this.#schema, document);
    return SIZES.filter(({ of }) => size[of] > this.#limits[of]).map(({ of, code, what }) =>
      limitError(
        code,
        `The operation’s ${what} is ${size[of]}; allowed: ${this.#limits[of]} (limits.${of}). Ask for less at once.`,
      ),
    );
  }
}

const introspects = (schema: GraphQLSchema, document: DocumentNode): boolean =>
  validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0;
