import { GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Answer } from '../graphql/answer-text.ts';
import { malformedRequest, mutationNotByPost, unreadableRequest } from '../graphql/errors.ts';
import { isMutation, isSubscription, type PreparedOperation } from '../graphql/pipeline.ts';
import { readParameters } from '../graphql/request-parameters.ts';
import { acceptsOnlyEventStream } from './accept.ts';
import { endedAccess } from './ended-access.ts';
import { COMPLETE_EVENT, EVENT_STREAM, EVENT_STREAM_HEADERS, nextEvent } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { sendFault } from './http-fault.ts';
import { answerWithStream, type Exchange } from './stream-answer.ts';

/**
 * GraphQL over HTTP by its letter: Yoga reads requests, and answers them but for streams. What is
 * between is the same for all transports.
 */
export const createGraphQLYoga = (graphql: GraphQLServer): YogaServerInstance<Exchange, object> =>
  createYoga<Exchange>({
    plugins: [throughPipeline(graphql), unreadable, asEventStream],
    maskedErrors: { maskError: graphql.toPublicError },
    // Bodies are read, and refused when they are too large, before they come here.
    maxRequestBodySize: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
  });

type ExchangePlugin = Plugin<object, Exchange>;

const throughPipeline = (graphql: GraphQLServer): ExchangePlugin => ({
  onParams({ params, request: { method, url }, setParams, setParamsHandler }) {
    const request = readParameters({ ...(method === 'GET' && nameIn(url)), ...params });
    // Yoga checks these behind us, and would refuse what we ignore.
    setParams({ query: request.query });
    setParamsHandler(async ({ context: exchange }) => {
      const { connection, stream } = exchange;
      const args = graphql.pipeline.prepare(request, connection, stream);
      if ('errors' in args) return args;
      if (method !== 'POST' && isMutation(args)) return { errors: [mutationNotByPost()] };
      return isSubscription(args)
        ? answerWithStream(graphql, args, exchange)
        : executeQuery(graphql, args, exchange);
    });
  },
});

/** By which a request by GET names its document: Yoga does not read these parameters. */
function nameIn(url: string): Readonly<Record<string, string>> {
  const parameters = new URL(url).searchParams;
  const names = DOCUMENT_NAMES.map((name) => [name, parameters.get(name)] as const);
  return Object.fromEntries(names.filter((entry): entry is [string, string] => entry[1] !== null));
}

const DOCUMENT_NAMES = ['documentId', 'id', 'doc_id'];

/** One for all: it is the reason at the end of each answer too. */
const GONE = new Error('aborted: nobody waits for the answer');

/**
 * Executes a query. It is aborted when the connection is gone before the answer, or when the viewer
 * may not go on: then the response says why at once.
 */
async function executeQuery(
  { access, pipeline }: GraphQLServer,
  operation: PreparedOperation,
  { request, response, connection: { viewer } }: Exchange,
): Promise<Answer> {
  const leaving = new AbortController();
  if (response.destroyed) leaving.abort(GONE);
  else response.once('close', () => leaving.abort(GONE));
  using _held = access.hold(viewer, (why) => {
    // Sent back though nothing was taken away: that concerns what is asked from now on.
    if (why === 'changed' && access.endOf(viewer) === undefined) return;
    leaving.abort(GONE);
    if (!response.headersSent && !response.destroyed) sendFault(response, endedAccess(why));
  });
  return await pipeline.execute(operation, leaving.signal, request.socket);
}

/** Yoga's parsers throw errors that tell more than their message. */
const unreadable: ExchangePlugin = {
  onRequestParse({ requestParser, setRequestParser }) {
    if (!requestParser) return;
    setRequestParser(async (request) => {
      try {
        return await requestParser(request);
      } catch (error) {
        throw error instanceof GraphQLError ? malformedRequest(error.message) : unreadableRequest();
      }
    });
  },
};

/** One result, for a client that takes nothing but a stream of events. */
const asEventStream: ExchangePlugin = {
  onResultProcess({ result, serverContext, setResultProcessor }) {
    if (Array.isArray(result) || Symbol.asyncIterator in result) return;
    if (!acceptsOnlyEventStream(serverContext.request)) return;
    const body = nextEvent(result) + COMPLETE_EVENT;
    setResultProcessor(
      (_result, { Response }) => new Response(body, { headers: { ...EVENT_STREAM_HEADERS } }),
      EVENT_STREAM,
    );
  },
};
