/**
 * Why something that a box said, or did not say, could not be used. The codes are stable:
 * branch on them, never on messages. No message holds what the box sent, only where and why.
 */
export type BoxErrorCode =
  /** The bytes are not JSON in UTF-8. */
  | 'MALFORMED_MESSAGE'
  /** It is JSON, but not an event: a field is missing or of the wrong kind. */
  | 'INVALID_EVENT'
  /** A message above `maxMessageBytes`. */
  | 'MESSAGE_TOO_LARGE'
  /** No connection: refused, unreachable, unknown host. */
  | 'UNREACHABLE'
  /** Nothing came in time: connect, HTTP answer, pong. */
  | 'TIMEOUT'
  /** The box ended the connection. */
  | 'CLOSED'
  /** The box answered, but not in the protocol: no WebSocket there, an HTTP status, not the envelope. */
  | 'PROTOCOL'
  /** The box answered with its error envelope; see `boxCode`. */
  | 'BOX_REFUSED'
  /** The box has no such endpoint: its firmware is older than that. */
  | 'NOT_SUPPORTED'
  /** The pages of an answer did not come to what the box said there is, or there are too many. */
  | 'INCOMPLETE';

export interface BoxErrorDetail {
  /** The member that is at fault, as a path (`ext_data.person_type`). */
  readonly field?: string;
  /** Length of the message at fault, in bytes. */
  readonly messageBytes?: number;
  /** Where in the message, in bytes from its start. */
  readonly offset?: number;
  /** The box's own error code, from its error envelope. */
  readonly boxCode?: string;
  /** HTTP status or WebSocket close code. */
  readonly status?: number;
}

export class BoxError extends Error {
  override readonly name = 'BoxError';
  readonly code: BoxErrorCode;
  readonly detail: BoxErrorDetail;

  constructor(
    code: BoxErrorCode,
    message: string,
    detail: BoxErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}
