import { CodedError } from '../../errors.ts';

/** Why gateways can't share their keys. Stable: the gateway branches on these. */
export type SharedKeysErrorCode =
  /** The keys, or their connection to NATS, were closed. */
  | 'CLOSED'
  /** The stream has settings with which it would lose keys or could not forget them. */
  | 'STREAM_SETTINGS'
  /** A message of the stream can't be read. */
  | 'BAD_MESSAGE'
  /** A newer gateway wrote a message of the stream. */
  | 'NEWER_VERSION'
  /** The stream began anew, or lost messages, while this gateway followed it. */
  | 'STREAM_CHANGED'
  /** No gateway has the key that sealed something, and none has forgotten it. */
  | 'KEY_LOST';

/** The message names the stream and the reason, never a key, a person or the secret. */
export class SharedKeysError extends CodedError<SharedKeysErrorCode> {
  override readonly name = 'SharedKeysError';
}
