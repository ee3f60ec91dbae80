import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { GatewayError, type GatewayErrorCode, LoggedError } from '../errors.ts';
import { errorFields } from '../telemetry/error-fields.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Errors of one answer; one more says how many there were. */
export const MAX_ERRORS = 10;

/** Of an error's message, in characters: it may repeat what the request says. */
const MAX_MESSAGE_LENGTH = 500;

/** What a user may see of an error; it has a stable `extensions.code`. */
export class PublicError extends GraphQLError {
  /** Leaves out what only tells Yoga how to answer HTTP. */
  override toJSON(): GraphQLFormattedError {
    const { http: _http, unexpected: _unexpected, ...extensions } = this.extensions;
    return { ...super.toJSON(), extensions };
  }
}

export type ToPublicError = (error: unknown) => PublicError;

/**
 * What is said by the gateway, or by GraphQL about the request, is shown with its code; all
 * else is INTERNAL_SERVER_ERROR with an id, under which the log tells more.
 */
export const createToPublicError =
  (logger: Logger): ToPublicError =>
  (error) => {
    const at = error instanceof GraphQLError ? error : undefined;
    const cause = at ? (at.cause ?? at) : error;
    if (cause instanceof PublicError) return cause;
    if (cause instanceof GatewayError) return publicError(cause.message, { code: cause.code }, at);
    if (at && isAboutRequest(at)) {
      // Yoga's own, about HTTP, have a code.
      const { code = 'BAD_USER_INPUT' } = at.extensions;
      return publicError(at.message, { ...(!at.path && BAD_REQUEST), ...at.extensions, code }, at);
    }
    if (cause instanceof LoggedError) return internalError(cause.errorId, at);
    const errorId = randomUUID();
    logger.error(
      { errorId, path: at?.path?.join('.'), ...errorFields(cause) },
      'an operation failed inside the gateway',
    );
    return internalError(errorId, at);
  };

/** As many as an answer may have. */
export function publicErrors(
  errors: readonly GraphQLError[],
  toPublicError: ToPublicError,
): readonly PublicError[] {
  const told = errors.slice(0, MAX_ERRORS).map(toPublicError);
  if (told.length === errors.length) return told;
  const code = told.at(-1)?.extensions['code'];
  return [
    ...told,
    publicError(`There are more errors; these are the first ${MAX_ERRORS}.`, { code }),
  ];
}

const internalError = (errorId: string, at: GraphQLError | undefined): PublicError =>
  publicError(
    `The gateway failed internally. Its log has the details under ${errorId}.`,
    // For Yoga: the HTTP status is then 500 when there is no data.
    { code: 'INTERNAL_SERVER_ERROR', errorId, unexpected: true },
    at,
  );

/** The document is not GraphQL. */
export const syntaxError = (error: unknown): PublicError =>
  publicError(
    error instanceof Error ? error.message : 'The document could not be parsed.',
    { ...BAD_REQUEST, code: 'GRAPHQL_PARSE_FAILED' },
    error instanceof GraphQLError ? error : undefined,
  );

/** The document asks for what the schema does not have. */
export const validationError = (error: GraphQLError): PublicError =>
  publicError(error.message, { ...BAD_REQUEST, code: 'GRAPHQL_VALIDATION_FAILED' }, error);

/** The request could not be read. */
export const unreadableRequest = (): PublicError =>
  publicError('The request could not be read: its variables and extensions must be JSON.', {
    http: { status: 400 },
    code: 'BAD_USER_INPUT',
  });

/** The request names its document by a hash; clients know this message, and send the document then. */
export const persistedQueryNotSupported = (): PublicError =>
  publicError('PersistedQueryNotSupported', {
    ...BAD_REQUEST,
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  });

/** No trusted document has this hash; clients know this message, and send the document then. */
export const persistedQueryNotFound = (): PublicError =>
  publicError('PersistedQueryNotFound', { ...BAD_REQUEST, code: 'PERSISTED_QUERY_NOT_FOUND' });

/** The viewer may run trusted documents only. */
export const operationNotTrusted = (): PublicError =>
  limitError(
    'OPERATION_NOT_TRUSTED',
    'This credential may run trusted documents only, and this document is not one of them. Send one by its hash or its text, or add this one to the file that access.documents names and reload its configuration (SIGHUP).',
  );

/** A part of the request has not the type that GraphQL over HTTP gives it. */
export const malformedRequest = (message: string): PublicError =>
  publicError(message, { http: { status: 400 }, code: 'BAD_REQUEST' });

/** A page could be made to send a GET, and a proxy to repeat it. */
export const mutationNotByPost = (): PublicError =>
  publicError('A mutation changes something: send it by POST.', {
    http: { status: 405, headers: { Allow: 'POST' } },
    code: 'METHOD_NOT_ALLOWED',
  });

/** The request has no document. */
export const missingDocument = (): PublicError =>
  malformedRequest('The request has no query, or an empty one; send a GraphQL document in query.');

/** More is asked for than may be. */
export const limitError = (code: GatewayErrorCode, message: string): PublicError =>
  publicError(message, { ...BAD_REQUEST, code });

/** A viewer asks too often, or has too much open; it may come back after so many ms. */
export const tooOften = (
  code: Extract<GatewayErrorCode, 'RATE_LIMITED' | 'TOO_MANY_SUBSCRIPTIONS'>,
  message: string,
  retryAfterMs: number,
): PublicError =>
  publicError(message, {
    // For Yoga.
    http: { status: 429, headers: { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) } },
    code,
    retryAfterMs,
  });

/** For Yoga: the HTTP status is 400, unless the client knows no newer type than plain JSON. */
const BAD_REQUEST = { http: { spec: true, status: 400 } };

/**
 * GraphQL's own complaints: before execution, all are about the document and its variables.
 * In execution, those about an argument point to it, those about what we returned do not.
 */
const isAboutRequest = ({ cause, path }: GraphQLError): boolean =>
  cause === undefined ||
  (cause instanceof GraphQLError && (path === undefined || cause.nodes !== undefined));

const publicError = (
  message: string,
  extensions: Readonly<Record<string, unknown>>,
  at?: GraphQLError,
): PublicError =>
  new PublicError(cut(message), {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions,
  });

const cut = (message: string): string =>
  message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
