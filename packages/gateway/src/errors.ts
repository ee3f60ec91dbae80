/** What can be wrong with what somebody asked of the gateway. Stable: clients branch on these. */
export type GatewayErrorCode =
  /** An argument is not what it may be; the message says which and what is allowed. */
  | 'BAD_USER_INPUT'
  /** The request is not one of HTTP, of GraphQL over HTTP, or of graphql-transport-ws. */
  | 'BAD_REQUEST'
  /** There is nothing at this address. */
  | 'NOT_FOUND'
  /** The address of a picture is too old; the event has a new one. */
  | 'ADDRESS_EXPIRED'
  /** The rights for which the address of a picture was made are gone. */
  | 'ADDRESS_REVOKED'
  /** The route has no such method; `Allow` lists those that it has. */
  | 'METHOD_NOT_ALLOWED'
  /** A Content-Type, charset or Content-Encoding that the gateway does not read, or none. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** The client did not send all of a request or a message, or its `connection_init`, in time. */
  | 'REQUEST_TIMEOUT'
  /** The address of a request, in bytes. */
  | 'URI_TOO_LONG'
  /** All headers of a request, in bytes. */
  | 'REQUEST_HEADER_FIELDS_TOO_LARGE'
  /** An `Expect` other than `100-continue`. */
  | 'EXPECTATION_FAILED'
  /** A method or a Transfer-Encoding that the gateway does not know. */
  | 'NOT_IMPLEMENTED'
  /** Neither HTTP/1.1 nor HTTP/1.0. */
  | 'HTTP_VERSION_NOT_SUPPORTED'
  /** The condition of a request (`If-Match`) does not hold. */
  | 'PRECONDITION_FAILED'
  /** The client has named a document by its hash; it may send the document itself. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** No trusted document has this hash; a client that may run others may send the document itself. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** The roles of this viewer allow trusted documents only, and this is none. */
  | 'OPERATION_NOT_TRUSTED'
  /** `after` or `before` is not a cursor. */
  | 'INVALID_CURSOR'
  /** No alarm has this id. */
  | 'ALARM_NOT_FOUND'
  /** Somebody has acknowledged the alarm before. */
  | 'ALARM_ACKNOWLEDGED'
  /** Somebody has closed the alarm before. */
  | 'ALARM_CLOSED'
  /** The alarm has as many notes as it may have. */
  | 'ALARM_FULL'
  /** The gateway has nothing of a person with this id, so nothing was erased. */
  | 'PERSON_NOT_FOUND'
  /** The roles of this viewer do not allow what it wants to do. */
  | 'NOT_ALLOWED'
  /** A bare device id that several boxes have; the message lists the full ids. */
  | 'AMBIGUOUS_DEVICE'
  /** No token, not the right one, or one that has expired or was revoked. */
  | 'UNAUTHENTICATED'
  /** The keys of a token's issuer can't be had: come back in a moment. On a WebSocket: close code 1013. */
  | 'ISSUER_UNAVAILABLE'
  /** The credential allows something else than before: come back. The reason of close code 1012. */
  | 'RIGHTS_CHANGED'
  /** The credential is too long for a cookie: send it in a header. */
  | 'CREDENTIAL_TOO_LONG'
  /** Too many wrong tokens came from this address. On a WebSocket: the reason of close code 4403. */
  | 'TOO_MANY_ATTEMPTS'
  /** This origin or host may not ask. */
  | 'FORBIDDEN'
  /** This viewer may not ask what the schema holds. */
  | 'INTROSPECTION_DISABLED'
  /** This viewer asks too often; `retryAfterMs` says when it may ask again. */
  | 'RATE_LIMITED'
  /** This viewer has more subscriptions open than it may. */
  | 'TOO_MANY_SUBSCRIPTIONS'
  /** More operations are open on one socket than may be. */
  | 'TOO_MANY_OPERATIONS'
  /** More sockets and event streams are open from one address than may be. */
  | 'TOO_MANY_CONNECTIONS'
  /** The body of a request, in bytes. On a WebSocket: close code 1009, or 1008 for its fragments. */
  | 'REQUEST_ENTITY_TOO_LARGE'
  /** The GraphQL document, in bytes. */
  | 'DOCUMENT_TOO_LARGE'
  /** Fields below each other. */
  | 'OPERATION_TOO_DEEP'
  /** Fields with an alias. */
  | 'TOO_MANY_ALIASES'
  /** Fields that an answer may hold, by what the gateway lists now. */
  | 'OPERATION_TOO_COSTLY'
  /** Items of one list in the arguments of an operation. */
  | 'LIST_TOO_LONG'
  /** The variables of an operation, in bytes. */
  | 'ARGUMENTS_TOO_LARGE'
  /** An answer in bytes; or the pictures' base64 in it. */
  | 'ANSWER_TOO_LARGE'
  /** Answers that their clients have not read, in bytes: of all (503), or of one address (429). */
  | 'TOO_MANY_UNREAD_ANSWERS'
  /** More is asked at once than the gateway can hold; come back in a moment. */
  | 'OVERLOADED'
  /** A client has read nothing for too long: the reason of close code 4503. */
  | 'CLIENT_STALLED'
  /** An answer took too long. */
  | 'ANSWER_TIMEOUT'
  /** The gateway is shutting down; reconnect. */
  | 'SHUTTING_DOWN'
  /** The gateway's own fault; an `errorId` beside it is in the log. */
  | 'INTERNAL_SERVER_ERROR';

/** An error of which something is decided by its code. */
export abstract class CodedError<Code extends string> extends Error {
  abstract override readonly name: string;
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Stands for an error that was logged under `errorId`: the user is shown that id, and no more. */
export class LoggedError extends Error {
  override readonly name = 'LoggedError';
  readonly errorId: string;

  constructor(errorId: string, cause: unknown) {
    super(`logged under ${errorId}`, { cause });
    this.errorId = errorId;
  }
}

/** Shown to the user as it is; anything else that is thrown is masked and logged with an id. */
export class GatewayError extends CodedError<GatewayErrorCode> {
  override readonly name = 'GatewayError';
}
