/** A request as far as it says which document it wants. */
export interface NamedDocument {
  readonly query?: unknown;
  /** GraphQL over HTTP, appendix "Persisted Documents". */
  readonly documentId?: unknown;
  /** Relay's, by either name. */
  readonly id?: unknown;
  readonly doc_id?: unknown;
  readonly extensions?: unknown;
}

/**
 * The hash by which a request names its document; undefined for a request that holds a document, or
 * names none. `''` when the name is not a text.
 */
export function documentNameOf(request: NamedDocument): string | undefined {
  if (hasQuery(request)) return undefined;
  const name = request.documentId ?? request.id ?? request.doc_id;
  if (typeof name === 'string') return name.replace(/^sha256:/, '');
  return isHashAlone(request) ? hashOf(request.extensions) : undefined;
}

/**
 * Whether a request names its document by a hash (automatic persisted queries) and does not hold it.
 *
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export const isHashAlone = (request: NamedDocument): boolean =>
  !hasQuery(request) && Boolean(persistedQueryIn(request.extensions));

const hasQuery = ({ query }: NamedDocument): boolean =>
  query !== undefined && query !== null && query !== '';

const persistedQueryIn = (extensions: unknown): unknown =>
  isObject(extensions) ? extensions['persistedQuery'] : undefined;

function hashOf(extensions: unknown): string {
  const persisted = persistedQueryIn(extensions);
  const hash = isObject(persisted) ? persisted['sha256Hash'] : undefined;
  return typeof hash === 'string' ? hash : '';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
