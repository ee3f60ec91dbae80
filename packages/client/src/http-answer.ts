import { ClientError, gatewayError } from './errors.ts';
import { type ExecutionResult, parseExecutionResult } from './execution-result.ts';
import type { FetchResponse } from './platform.ts';

/** Undefined when the body is no GraphQL answer. */
export function parseBody(text: string): ExecutionResult | undefined {
  try {
    return parseExecutionResult(JSON.parse(text));
  } catch {
    // Not JSON: what it means is in the status.
    return undefined;
  }
}

/** @throws {ClientError} of the answer's errors. */
export function dataOf({ data, errors }: ExecutionResult): object {
  if (data === null || errors.length > 0) throw gatewayError(errors);
  return data;
}

/** Whether it is the answer of a gateway, or of another server, that has no such door. */
export const isElsewhere = ({ status }: FetchResponse, { data }: ExecutionResult): boolean =>
  data === null && (status === 404 || status === 405);

const EXPECTED =
  'url has to be the address of a gateway as its `publicUrl` or `listen` says it, such as http://127.0.0.1:4000';

/** What was found instead of a GraphQL answer, and whether it may be one later. */
export function notGraphQL(url: string, response: FetchResponse): ClientError {
  const { status } = response;
  const by = response.redirected === true ? `, redirected to ${pageOf(response.url)},` : '';
  const [type = ''] = response.headers?.get('content-type')?.split(';') ?? [];
  const answer = `${url}${by} answered ${status}${type && ` with ${type}`}, which is not a GraphQL answer`;
  if (status === 401) {
    return new ClientError('UNAUTHENTICATED', `${answer}: the token is missing, wrong or expired.`);
  }
  if (status === 403) {
    return new ClientError('FORBIDDEN', `${answer}: this origin or host is not allowed.`);
  }
  if (status >= 500 || BUSY.includes(status)) {
    return new ClientError('NETWORK', `${answer}: the gateway is unreachable or busy.`);
  }
  return new ClientError('PROTOCOL', `${answer}: ${EXPECTED}.`);
}

/** Timed out, too early, too many requests: what a proxy in front says for a while. */
const BUSY: readonly number[] = [408, 425, 429];

/** A socket needs the address itself. `to` as `Response.url`. */
export const redirected = (url: string, to: string): ClientError =>
  new ClientError(
    'PROTOCOL',
    `${url} redirects to ${pageOf(to)}, which a WebSocket does not follow: ${EXPECTED}.`,
  );

/** Retried: it may also be a gateway that has come back just now. */
export const noSocket = (url: string): ClientError =>
  new ClientError(
    'NETWORK',
    `The gateway at ${url} answers queries, but no WebSocket could be opened. ` +
      'If this persists, let the proxy in front of it forward WebSockets.',
  );

/** Without a query, which may hold a credential. */
const pageOf = (url = ''): string => url.replace(/[?#].*$/s, '') || 'another address';
