import { CodedError } from '../errors.ts';

/** Why a gateway can't use NATS. Stable. */
export type ClusterErrorCode =
  /** A file of credentials or certificates can't be read. */
  | 'CREDENTIALS_UNREADABLE'
  /** NATS does not accept the credentials, or they do not allow what the gateway does. */
  | 'NATS_REFUSED'
  /** No NATS server answers. It may pass. */
  | 'NATS_UNREACHABLE'
  /** The NATS server is too old. */
  | 'NATS_TOO_OLD'
  /** NATS runs without JetStream, or this account may not use it. */
  | 'NO_JETSTREAM'
  /** JetStream does not answer, or its servers elect a leader. It may pass. */
  | 'JETSTREAM_UNAVAILABLE'
  /** JetStream refuses to create or to read a stream. */
  | 'STREAM_REFUSED';

const PASSING: ReadonlySet<ClusterErrorCode> = new Set([
  'NATS_UNREACHABLE',
  'JETSTREAM_UNAVAILABLE',
]);

/** The message says what to do; it never holds a credential. */
export class ClusterError extends CodedError<ClusterErrorCode> {
  override readonly name = 'ClusterError';

  /** Whether waiting may help. */
  get mayPass(): boolean {
    return PASSING.has(this.code);
  }
}
