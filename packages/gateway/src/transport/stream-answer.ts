import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Connection } from '../graphql/connection-cursor.ts';
import type { PreparedOperation } from '../graphql/pipeline.ts';
import { acceptsEventStream } from './accept.ts';
import { TOO_MANY_FROM_ADDRESS } from './addresses.ts';
import { EVENT_STREAM, EVENT_STREAM_HEADERS, type EventStream } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { sendFault } from './http-fault.ts';

/** A request, and all that its answer may take. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  /** Takes the events of a subscription; it says nothing before it is opened. */
  readonly stream: EventStream;
}

const ANSWERED: ExecutionResult = {};

const NOT_ACCEPTED = `A subscription is answered as a stream of events: accept ${EVENT_STREAM}, or use a WebSocket.`;

/**
 * Subscribes, and answers with the stream of what comes; who is refused that was never subscribed.
 *
 * @returns what is still to be answered: why the subscription could not become one.
 */
export async function answerWithStream(
  { pipeline, addresses, access, audit }: GraphQLServer,
  args: PreparedOperation,
  { request, response, connection, stream }: Exchange,
): Promise<ExecutionResult> {
  // Nothing would tell any more that it is gone.
  if (response.destroyed) return ANSWERED;
  if (!acceptsEventStream(request)) {
    sendFault(response, { status: 406, code: 'BAD_USER_INPUT', message: NOT_ACCEPTED });
    return ANSWERED;
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, EVENT_STREAM_HEADERS).end();
    return ANSWERED;
  }
  const place = addresses.acquire(request);
  if (!place) {
    const message = TOO_MANY_FROM_ADDRESS;
    sendFault(response, { status: 429, code: 'TOO_MANY_CONNECTIONS', message });
    return ANSWERED;
  }
  const opened = audit.connectionOpened(connection);
  // Its client comes back, and is told why it is not let in.
  const held = access.hold(connection.viewer, () => response.destroy());
  response.once('close', () => {
    place[Symbol.dispose]();
    held[Symbol.dispose]();
    opened[Symbol.dispose]();
  });
  if (response.destroyed) return ANSWERED;
  const results = await pipeline.subscribe(args);
  if (!(Symbol.asyncIterator in results)) return results;
  stream.open(results);
  return ANSWERED;
}
