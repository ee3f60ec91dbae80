import { malformedRequest, type PublicError } from './errors.ts';
import type { GraphQLRequest } from './pipeline.ts';

/**
 * Reads the parameters of a request by HTTP. Ignores parameters that GraphQL over HTTP and its
 * clients do not have, as the messages of a WebSocket may have them too. A missing query becomes
 * `''`, which the pipeline answers.
 *
 * @throws {PublicError} BAD_REQUEST for a parameter of another type than GraphQL over HTTP gives it.
 */
export function readParameters({
  query,
  variables,
  operationName,
  extensions,
  documentId,
  id,
  doc_id,
}: Readonly<Record<string, unknown>>): GraphQLRequest {
  if (!isMissing(query) && typeof query !== 'string') throw wrongType('query', 'a string', query);
  if (!isMissing(operationName) && typeof operationName !== 'string') {
    throw wrongType('operationName', 'a string', operationName);
  }
  if (!isMissing(variables) && !isObject(variables)) {
    throw wrongType('variables', 'an object', variables);
  }
  if (!isMissing(extensions) && !isObject(extensions)) {
    throw wrongType('extensions', 'an object', extensions);
  }
  return { query: query ?? '', variables, operationName, extensions, documentId, id, doc_id };
}

const isMissing = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongType = (name: string, expected: string, found: unknown): PublicError =>
  malformedRequest(
    `The parameter ${name} of the request is ${Array.isArray(found) ? 'a list' : `of type ${typeof found}`}; expected: ${expected}.`,
  );
