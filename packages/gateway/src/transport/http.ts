import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../access/viewer.ts';
import { errorBody, sendJson } from './answer.ts';
import { EventStream, EventStreams } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { lastEventIdOf } from './last-event-id.ts';
import { readBody } from './request-body.ts';
import { createGraphQLYoga } from './yoga.ts';

/** Between signs of life on an event stream, in ms. */
const KEEP_ALIVE_MS = 10_000;

export interface HttpOptions {
  /** Between signs of life on an event stream, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
}

/** GraphQL over HTTP. Disposing stops the timers of its event streams and of unread answers. */
export interface HttpTransport extends Disposable {
  /** Answers a request for /graphql: queries as JSON, subscriptions as event streams. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
  ) => Promise<void>;
}

export function createHttpTransport(
  graphql: GraphQLServer,
  { keepAliveMs = KEEP_ALIVE_MS }: HttpOptions = {},
): HttpTransport {
  const { unread, turns } = graphql;
  const { messageBytes } = graphql.limits;
  const streams = new EventStreams(graphql, keepAliveMs);
  const yoga = createGraphQLYoga(graphql);
  return {
    async handle(request, response, viewer) {
      const body = await readBody(request, messageBytes);
      if (body === 'broken off') return;
      if (body === 'too large') {
        const message = `The request's body is too large; allowed: ${messageBytes} bytes.`;
        sendJson(response, 413, errorBody('REQUEST_ENTITY_TOO_LARGE', message));
        return;
      }
      // Pipelined requests come many at once: connections take turns.
      while (turns.isSpent) await turns.next(request.socket);
      if (response.destroyed) return;
      const connection = graphql.connect(viewer, lastEventIdOf(request));
      const stream = new EventStream(response, connection.cursor, streams);
      const exchange = { request, response, connection, stream };
      const answer = await yoga.fetch(...toFetch(request, body), exchange);
      // A stream, or why there is none, has been sent already.
      if (response.headersSent) return;
      const { status } = answer;
      const headers = Object.fromEntries(answer.headers);
      const answerBody = Buffer.from(await answer.arrayBuffer());
      unread.send(request, response, { status, headers, body: answerBody });
    },
    [Symbol.dispose]() {
      streams[Symbol.dispose]();
      unread[Symbol.dispose]();
    },
  };
}

/**
 * As much of a request as Yoga looks at, in one of its own. What it made of Node's would listen
 * to it, and to the answer, for as long as these last: for a stream of events, for ever.
 */
const toFetch = (
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
): [url: string, init: RequestInit] => [
  `http://gateway${url}`,
  {
    method,
    headers: {
      ...(headers.accept !== undefined && { Accept: headers.accept }),
      ...(headers['content-type'] !== undefined && { 'Content-Type': headers['content-type'] }),
    },
    body: body.length > 0 ? body.toString('utf8') : null,
  },
];
