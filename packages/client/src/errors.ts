/**
 * What went wrong, to branch on. Stable; the messages are not.
 *
 * - `NETWORK`: the gateway could not be reached, or the connection to it was lost.
 * - `TIMEOUT`: no answer in time.
 * - `UNAUTHENTICATED`: no token, or one that is wrong or has expired.
 * - `TOKEN_UNAVAILABLE`: the function that gives the token failed, with its error as `cause`, or
 *   took too long.
 * - `FORBIDDEN`: this origin or host is not allowed.
 * - `GRAPHQL`: the gateway answered with errors; they are in `errors`, each with its own code.
 * - `PROTOCOL`: the answer is not what a gateway says; most often the `url` is wrong.
 * - `ABORTED`: the caller's signal was aborted.
 * - `CLOSED`: the client was disposed.
 * - `INVALID_ARGUMENT`: the client was given something that it can't work with.
 * - `UNSUPPORTED_PLATFORM`: there is no `fetch` or no `WebSocket` here, and none was given.
 */
export type ClientErrorCode =
  | 'NETWORK'
  | 'TIMEOUT'
  | 'UNAUTHENTICATED'
  | 'TOKEN_UNAVAILABLE'
  | 'FORBIDDEN'
  | 'GRAPHQL'
  | 'PROTOCOL'
  | 'ABORTED'
  | 'CLOSED'
  | 'INVALID_ARGUMENT'
  | 'UNSUPPORTED_PLATFORM';

/** One error of a GraphQL answer. */
export interface GatewayErrorDetail {
  readonly message: string;
  /** `extensions.code`, e.g. `INVALID_CURSOR` or `AMBIGUOUS_DEVICE`. */
  readonly code: string | undefined;
  /** The field of the answer, from the top; empty when the error is of no field. */
  readonly path: readonly string[];
}

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /** What the gateway answered; empty when it did not. */
  readonly errors: readonly GatewayErrorDetail[];

  constructor(
    code: ClientErrorCode,
    message: string,
    options: ErrorOptions & { readonly errors?: readonly GatewayErrorDetail[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.errors = options.errors ?? [];
  }

  /** Whether the same may go well later. Subscriptions see to that by themselves. */
  get retryable(): boolean {
    return (
      this.code === 'NETWORK' ||
      this.code === 'TIMEOUT' ||
      this.code === 'TOKEN_UNAVAILABLE' ||
      this.errors.some(({ code }) => code !== undefined && TEMPORARY.has(code))
    );
  }
}

/** Codes of the gateway that say: come back. */
const TEMPORARY: ReadonlySet<string> = new Set([
  'SHUTTING_DOWN',
  'OVERLOADED',
  'RATE_LIMITED',
  'TOO_MANY_SUBSCRIPTIONS',
]);

/** @param errors at least one. */
export function gatewayError(errors: readonly GatewayErrorDetail[]): ClientError {
  const codes = errors.map((error) => error.code);
  const code = codes.includes('UNAUTHENTICATED')
    ? 'UNAUTHENTICATED'
    : codes.includes('FORBIDDEN')
      ? 'FORBIDDEN'
      : 'GRAPHQL';
  return new ClientError(code, errors.map((error) => error.message).join('; '), { errors });
}
