/**
 * Whether a request names its document by a hash (automatic persisted queries) and does not hold it.
 *
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export const isHashAlone = ({
  query,
  extensions,
}: {
  readonly query?: unknown;
  readonly extensions?: unknown;
}): boolean =>
  (query === undefined || query === null || query === '') &&
  typeof extensions === 'object' &&
  extensions !== null &&
  'persistedQuery' in extensions &&
  Boolean(extensions.persistedQuery);
