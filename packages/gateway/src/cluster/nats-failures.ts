import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import {
  AuthorizationError,
  ClosedConnectionError,
  ConnectionError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { ClusterError } from './cluster-error.ts';

/** Codes of the server: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const CLUSTER_INCOMPLETE = 10004;
const NO_SUITABLE_PEERS = 10005;
const CLUSTER_NOT_AVAILABLE = 10008;
const NOT_LEADER = 10009;
/** Somebody has created the stream a moment ago, and it has no leader yet: it is asked for before it is created. */
const NAME_IN_USE = 10058;
const INSUFFICIENT_RESOURCES = 10023;
const NO_STORAGE = 10047;
const NO_REPLICAS = 10074;
const NOT_ENABLED = 10076;

/** The servers are starting, or elect a leader. */
const PASSING: ReadonlySet<number> = new Set([
  CLUSTER_INCOMPLETE,
  NO_SUITABLE_PEERS,
  CLUSTER_NOT_AVAILABLE,
  NOT_LEADER,
  NAME_IN_USE,
]);

const DISABLED: ReadonlySet<number> = new Set([
  JetStreamApiCodes.JetStreamNotEnabledForAccount,
  NOT_ENABLED,
]);

const ROOM =
  'lower journal.maxBytes or images.maxBytes, or give JetStream more room: each server reserves both';

const ADVICE: ReadonlyMap<number, string> = new Map([
  [INSUFFICIENT_RESOURCES, ROOM],
  [NO_STORAGE, ROOM],
  [NO_REPLICAS, 'journal.nats.replicas needs as many servers in one NATS cluster'],
]);

/** What NATS says against a credential; undefined when it is something else. */
export function refusalOf(error: unknown): ClusterError | undefined {
  if (error instanceof PermissionViolationError) {
    const what = error.operation === 'publish' ? 'publishing' : 'subscribing';
    return new ClusterError(
      'NATS_REFUSED',
      `NATS does not allow ${what} to ${error.subject}; give the user the permissions of docs/cluster.md`,
      { cause: error },
    );
  }
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) {
    return new ClusterError(
      'NATS_REFUSED',
      'NATS does not accept the credentials; set journal.nats.credentials, user and password, or token',
      { cause: error },
    );
  }
  return error instanceof RequestError ? refusalOf(error.cause) : undefined;
}

/** What a failed request to JetStream means for a gateway; other errors as they are. */
export function jetStreamFailure(error: unknown, stream: string): unknown {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  if (error instanceof RequestError && error.isNoResponders()) return noJetStream(error);
  if (error instanceof JetStreamApiError) {
    const { code, message } = error;
    if (DISABLED.has(code)) return noJetStream(error);
    if (PASSING.has(code)) return unavailable(message, error);
    const advice = ADVICE.get(code);
    return new ClusterError(
      'STREAM_REFUSED',
      `JetStream refuses the stream ${stream}: ${message}${advice === undefined ? '' : `; ${advice}`}`,
      { cause: error },
    );
  }
  const isUnanswered =
    error instanceof TimeoutError ||
    error instanceof RequestError ||
    error instanceof ConnectionError ||
    error instanceof ClosedConnectionError;
  if (isUnanswered) return unavailable(error.message, error);
  // The client wraps the first answer of a server without JetStream, in a class that it keeps.
  return error instanceof Error && error.name === 'JetStreamNotEnabled'
    ? jetStreamFailure(error.cause, stream)
    : error;
}

const noJetStream = (cause: unknown): ClusterError =>
  new ClusterError(
    'NO_JETSTREAM',
    'NATS runs without JetStream, or without it for this account; enable it there',
    { cause },
  );

const unavailable = (reason: string, cause: unknown): ClusterError =>
  new ClusterError('JETSTREAM_UNAVAILABLE', `JetStream does not answer: ${reason}`, { cause });
