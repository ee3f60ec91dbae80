import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../access/viewer.ts';
import { answerType } from './accept.ts';
import { endedAccess } from './ended-access.ts';
import { EventStream, EventStreams } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { type HttpFault, sendFault } from './http-fault.ts';
import { lastEventIdOf } from './last-event-id.ts';
import { type Content, readContent } from './request-content.ts';
import { createGraphQLYoga } from './yoga.ts';

/** Between signs of life on an event stream, in ms. */
const KEEP_ALIVE_MS = 10_000;

export interface HttpOptions {
  /** Between signs of life on an event stream, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
}

/** GraphQL over HTTP. Disposing stops the timers of its event streams, and what is there for all transports. */
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
  const { unread, newest, turns } = graphql;
  const { messageBytes } = graphql.limits;
  const streams = new EventStreams(graphql, keepAliveMs);
  const yoga = createGraphQLYoga(graphql);
  return {
    async handle(request, response, viewer) {
      const accept = answerType(request);
      if (accept === undefined) {
        sendFault(response, NOT_ACCEPTABLE);
        return;
      }
      // In a GET a body means nothing (RFC 9110, section 9.3.1).
      const isPost = request.method === 'POST';
      const content = isPost ? await readContent(request, messageBytes) : undefined;
      if (content === 'broken off') return;
      if (content && 'fault' in content) {
        sendFault(response, content.fault);
        return;
      }
      // The bodies of many connections may end at once: their requests take turns again.
      if (isPost) {
        while (turns.isSpent) await turns.next(request.socket);
      }
      if (response.destroyed) return;
      // The body may have taken its time, and the credential may be revoked by now.
      const ended = graphql.access.endOf(viewer);
      if (ended !== undefined) {
        sendFault(response, endedAccess(ended));
        return;
      }
      const connection = graphql.connect(viewer, {
        address: graphql.addresses.clients.of(request),
        resumeAfter: lastEventIdOf(request),
      });
      const stream = new EventStream(response, connection.cursor, streams);
      const exchange = { request, response, connection, stream };
      const answer = await yoga.fetch(...toFetch(request, accept, content), exchange);
      // A stream, or why there is none, or why a query was broken off, has been sent already.
      if (response.headersSent) return;
      const { status } = answer;
      const headers = { 'Cache-Control': 'no-store', ...Object.fromEntries(answer.headers) };
      const answerBody = Buffer.from(await answer.arrayBuffer());
      unread.send(request, response, { status, headers, body: answerBody });
    },
    [Symbol.dispose]() {
      streams[Symbol.dispose]();
      unread[Symbol.dispose]();
      newest[Symbol.dispose]();
    },
  };
}

const NOT_ACCEPTABLE: HttpFault = {
  status: 406,
  code: 'BAD_USER_INPUT',
  message:
    'The Accept header names no type of an answer. Accept application/json, ' +
    'application/graphql-response+json or, for a subscription, text/event-stream.',
};

/**
 * As much of a request as Yoga looks at, in one of its own. What it made of Node's would listen
 * to it, and to the answer, for as long as these last: for a stream of events, for ever.
 */
const toFetch = (
  { url = '/' }: IncomingMessage,
  accept: string,
  content: Content | undefined,
): [url: string, init: RequestInit] => [
  `http://gateway${url}`,
  content === undefined
    ? { method: 'GET', headers: { Accept: accept } }
    : {
        method: 'POST',
        headers: { Accept: accept, 'Content-Type': content.type },
        body: content.text === '' ? null : content.text,
      },
];
