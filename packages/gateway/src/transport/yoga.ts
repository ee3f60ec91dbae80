import { GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { acceptsOnlyEventStream } from './accept.ts';
import { malformedRequest, unreadableRequest } from './errors.ts';
import { COMPLETE_EVENT, EVENT_STREAM, EVENT_STREAM_HEADERS, nextEvent } from './event-stream.ts';
import type { GraphQLServer } from './graphql.ts';
import { isHashAlone } from './persisted-query.ts';
import { isSubscription } from './pipeline.ts';
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
  onParams({ params: given, setParams, setParamsHandler }) {
    assertOperationName(given);
    // The pipeline says what it says on every transport; Yoga would miss the document.
    if (isHashAlone(given)) setParams({ ...given, query: '' });
    setParamsHandler(
      async ({
        params: { query = '', variables, operationName, extensions },
        context: exchange,
      }) => {
        const { connection, stream } = exchange;
        const request = { query, variables, operationName, extensions };
        const args = graphql.pipeline.prepare(request, connection, stream);
        if ('errors' in args) return args;
        return isSubscription(args)
          ? answerWithStream(graphql, args, exchange)
          : graphql.pipeline.execute(args, untilClosed(exchange), exchange.request.socket);
      },
    );
  },
});

/** The one part of a request whose type Yoga does not look at. */
function assertOperationName({ operationName }: { readonly operationName?: unknown }): void {
  if (operationName === undefined || operationName === null) return;
  if (typeof operationName !== 'string') {
    throw malformedRequest(
      `The request's operationName is no string but ${Array.isArray(operationName) ? 'a list' : `of type ${typeof operationName}`}.`,
    );
  }
}

/** One for all: it is the reason at the end of each answer too. */
const GONE = new Error('aborted: the connection is gone');

/** Aborted when the connection is gone before the answer. */
function untilClosed({ response }: Exchange): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort(GONE);
  else response.once('close', () => gone.abort(GONE));
  return gone.signal;
}

/** What Yoga's parsers throw is not for the user. */
const unreadable: ExchangePlugin = {
  onRequestParse({ requestParser, setRequestParser }) {
    if (!requestParser) return;
    setRequestParser(async (request) => {
      try {
        return await requestParser(request);
      } catch (error) {
        if (error instanceof GraphQLError) throw error;
        throw unreadableRequest();
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
