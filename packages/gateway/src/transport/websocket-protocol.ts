import type { GraphQLError } from 'graphql';
import { CloseCode, type Message, MessageType, validateMessage } from 'graphql-ws';
import { type Admission, type Admit, TOO_MANY_ATTEMPTS_MESSAGE } from '../access/admission.ts';
import { ISSUER_UNAVAILABLE_MESSAGE, UNAUTHENTICATED_REASONS } from '../access/authentication.ts';
import { payloadCredential, renewalCredential } from '../access/credential.ts';
import type { AccessEnd } from '../access/live-viewers.ts';
import { canRenew } from '../access/viewer.ts';
import type { Connection } from '../graphql/connection-cursor.ts';
import { limitError } from '../graphql/errors.ts';
import type { Operation } from '../graphql/operation.ts';
import { documentNameOf } from '../graphql/persisted-query.ts';
import { type GraphQLPipeline, type GraphQLRequest, isSubscription } from '../graphql/pipeline.ts';
import type { ClientSocket } from './client-socket.ts';
import { closeReason } from './close-reason.ts';
import type { GraphQLServer } from './graphql.ts';
import type { SocketQueries } from './socket-queries.ts';

/** The gateway's own fault (RFC 6455): nothing else can be said any more. */
const INTERNAL_ERROR = 1011;
const INTERNAL_ERROR_REASON = closeReason(
  'INTERNAL_SERVER_ERROR',
  'The gateway failed internally.',
);

/** To a client: come back as soon as you like (RFC 6455's registry: Service Restart). */
const SERVICE_RESTART = 1012;

/** To a client: come back in a while (the same: Try Again Later). */
const TRY_AGAIN_LATER = 1013;

/** What has become of a request: why it is refused, a query under way, or a subscription. */
type Started =
  | { readonly refusals: readonly GraphQLError[] }
  | { readonly refusals?: undefined; readonly queried: Promise<void> }
  | {
      readonly refusals?: undefined;
      readonly queried?: undefined;
      readonly subscribed: ReturnType<GraphQLPipeline['subscribe']>;
    };

export type Receive = (client: ClientSocket, text: string) => void;

/**
 * The server's side of graphql-transport-ws. It is given the messages of each socket in their
 * order, at once or in a later turn of the event loop (`MessageTurns`), and begins what a message
 * asks for before it returns. The operations of a socket are in its `operations`, and nowhere else.
 *
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export function createProtocol(
  { pipeline, toPublicError, connect, access, limits, audit }: GraphQLServer,
  admit: Admit,
): Receive {
  function initialise(client: ClientSocket, payload: unknown): void {
    const peer = client.initialising();
    if (!peer) {
      client.close(
        CloseCode.TooManyInitialisationRequests,
        closeReason('BAD_REQUEST', 'Too many initialisation requests'),
      );
      return;
    }
    const admission = admit(payloadCredential(payload) ?? peer.credential, peer.address);
    const decided = (verdict: Admission) => decide(client, verdict, peer.address);
    if (admission instanceof Promise) admission.then(decided).catch(() => failed(client));
    else decided(admission);
  }

  function decide(client: ClientSocket, admission: Admission, address: string | undefined): void {
    // The admission may have been late, and the socket closed meanwhile.
    if (!client.isOpen) return;
    if (admission.kind !== 'admitted') {
      refuse(client, admission);
      return;
    }
    const { viewer } = admission;
    const connection = connect(viewer, { address, transport: 'websocket' });
    client.initialised(
      connection,
      access.hold(viewer, (why) => endAccess(client, why)),
      audit.connectionOpened(connection),
    );
  }

  /** What went wrong could not even be logged and said. */
  const failed = (client: ClientSocket): void =>
    client.close(INTERNAL_ERROR, INTERNAL_ERROR_REASON);

  function refuse(client: ClientSocket, refusal: Exclude<Admission, { kind: 'admitted' }>): void {
    switch (refusal.kind) {
      case 'unauthenticated':
        endAccess(client, refusal.credential);
        return;
      case 'too many attempts':
        client.close(
          CloseCode.Forbidden,
          closeReason('TOO_MANY_ATTEMPTS', TOO_MANY_ATTEMPTS_MESSAGE),
        );
        return;
      case 'issuer unavailable':
        client.close(
          TRY_AGAIN_LATER,
          closeReason('ISSUER_UNAVAILABLE', ISSUER_UNAVAILABLE_MESSAGE),
        );
    }
  }

  function endAccess(client: ClientSocket, why: AccessEnd): void {
    if (why === 'changed') {
      const text = 'This token allows something else than before; come back.';
      client.close(SERVICE_RESTART, closeReason('RIGHTS_CHANGED', text));
    } else {
      client.close(
        CloseCode.Forbidden,
        closeReason('UNAUTHENTICATED', UNAUTHENTICATED_REASONS[why]),
      );
    }
  }

  /** Puts a newer credential in the place of the one that the client came with. */
  function renew(client: ClientSocket, credential: string): void {
    const { connection } = client;
    if (!connection) {
      closeUninitialised(client);
      return;
    }
    const renewal = client.beginRenewal();
    const admission = admit(credential, client.address);
    if (!(admission instanceof Promise)) {
      renewed(client, connection, admission);
      return;
    }
    // Not read meanwhile, it does not begin any number of renewals.
    const hold = client.hold();
    admission
      .then((late) => {
        if (client.renewals === renewal) renewed(client, connection, late);
      })
      .catch(() => failed(client))
      .finally(() => hold[Symbol.dispose]());
  }

  function renewed(client: ClientSocket, connection: Connection, admission: Admission): void {
    // The admission may have been late, and the socket closed meanwhile.
    if (!client.isOpen) return;
    if (admission.kind === 'admitted') {
      const { viewer } = admission;
      // What is subscribed to was made for the rights of before.
      if (!canRenew(connection.viewer, viewer)) {
        endAccess(client, 'changed');
        return;
      }
      client.renewed(connection, viewer);
      audit.connectionRenewed(connection);
    } else if (admission.kind === 'issuer unavailable') {
      // The older credential counts as long as it lasts.
      client.sayExpiry(connection.viewer);
    } else {
      refuse(client, admission);
    }
  }

  function closeUninitialised(client: ClientSocket): void {
    const text = 'send connection_init first, and wait for connection_ack';
    client.close(CloseCode.Unauthorized, closeReason('UNAUTHENTICATED', text));
  }

  function subscribe(client: ClientSocket, id: string, request: GraphQLRequest): void {
    const { connection, operations, queries } = client;
    if (!connection) {
      closeUninitialised(client);
      return;
    }
    if (operations.has(id)) {
      const text = 'An operation with this id is active';
      client.close(CloseCode.SubscriberAlreadyExists, closeReason('BAD_REQUEST', text));
      return;
    }
    if (operations.size >= limits.operationsPerSocket) {
      client.say({ type: MessageType.Error, id, payload: [tooManyOperations.toJSON()] });
      return;
    }
    const operation = operations.begin(id);
    run(operation, start(operation, request, connection, queries))
      // What went wrong could not even be logged and said.
      .catch(() => client.close(INTERNAL_ERROR, INTERNAL_ERROR_REASON))
      .finally(() => operations.ended(operation));
  }

  /** Subscribes before the next message of the socket, so that a `complete` behind it ends a subscription at once. */
  function start(
    operation: Operation,
    request: GraphQLRequest,
    connection: Connection,
    queries: SocketQueries,
  ): Started {
    try {
      const args = pipeline.prepare(request, connection, operation);
      if ('errors' in args) return { refusals: args.errors };
      if (isSubscription(args)) return { subscribed: pipeline.subscribe(args) };
      const { signal } = operation;
      return {
        queried: queries.answer(operation, () => pipeline.execute(args, signal, connection)),
      };
    } catch (error) {
      return { refusals: [toPublicError(error)] };
    }
  }

  /** Keeps nothing of the request, which may be as long as a message and last as a subscription. */
  async function run(operation: Operation, started: Started): Promise<void> {
    if (started.refusals) return operation.fail(started.refusals);
    try {
      if (started.queried) await started.queried;
      else await sendAll(operation, started.subscribed);
      await operation.complete();
    } catch (error) {
      await operation.fail([toPublicError(error)]);
    }
  }

  async function sendAll(
    operation: Operation,
    subscribed: ReturnType<GraphQLPipeline['subscribe']>,
  ): Promise<void> {
    const results = subscribed instanceof Promise ? await subscribed : subscribed;
    operation.answered(results);
    if (!(Symbol.asyncIterator in results)) await operation.next(results);
    else for await (const result of results) await operation.next(result);
  }

  const tooManyOperations = limitError(
    'TOO_MANY_OPERATIONS',
    `There may not be more than ${limits.operationsPerSocket} operations at once on one socket: complete some, or open another.`,
  );

  return (client, text) => {
    // What comes behind a reason to close the socket is not heard.
    if (!client.isOpen) return;
    const message = readMessage(text);
    switch (message?.type) {
      case MessageType.ConnectionInit:
        initialise(client, message.payload);
        return;
      case MessageType.Subscribe:
        subscribe(client, message.id, message.payload);
        return;
      case MessageType.Complete:
        client.operations.complete(message.id);
        return;
      case MessageType.Ping: {
        const { payload } = message;
        const credential = renewalCredential(payload);
        if (credential === undefined)
          client.say({ type: MessageType.Pong, ...(payload && { payload }) });
        else renew(client, credential);
        return;
      }
      case MessageType.Pong:
        return;
      case MessageType.ConnectionAck:
      case MessageType.Next:
      case MessageType.Error:
      case undefined:
        client.close(
          CloseCode.BadRequest,
          closeReason('BAD_REQUEST', 'Not a message of graphql-transport-ws'),
        );
    }
  };
}

/** Undefined for text that is no message of the protocol. */
function readMessage(text: string): Message | undefined {
  try {
    // A byte order mark means nothing here (RFC 8259, section 8.1).
    const message: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return validateMessage(withDocument(message));
  } catch {
    return undefined;
  }
}

/** A subscribe message without a document is no message of the protocol; the pipeline answers it. */
function withDocument(message: unknown): unknown {
  if (!isObject(message) || message['type'] !== MessageType.Subscribe) return message;
  const { payload } = message;
  return isObject(payload) && documentNameOf(payload) !== undefined
    ? { ...message, payload: { ...payload, query: '' } }
    : message;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
