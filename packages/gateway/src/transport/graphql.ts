import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import { DEFAULT_LIMITS, type LimitsConfig } from '../config/limits.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { Fanout } from '../fanout/fanout.ts';
import { DEFAULT_BUDGET, type OutboxBudget, STALL_MS } from '../fanout/outbox.ts';
import type { GraphQLServices } from '../schema/context.ts';
import type { Logger } from '../telemetry/logger.ts';
import { OpenByAddress, TOO_MANY_FROM_ADDRESS } from './addresses.ts';
import { errorBody, sendJson } from './answer.ts';
import { type Connection, ConnectionCursor } from './connection-cursor.ts';
import { createToPublicError, type ToPublicError, unreadableRequest } from './errors.ts';
import {
  COMPLETE_EVENT,
  EVENT_STREAM,
  EVENT_STREAM_HEADERS,
  EventStream,
  EventStreams,
  nextEvent,
} from './event-stream.ts';
import { createPipeline, type GraphQLPipeline, type ResultStream } from './pipeline.ts';

/** Between signs of life on an event stream, in ms. */
const KEEP_ALIVE_MS = 10_000;

export interface GraphQLOptions {
  readonly logger: Logger;
  readonly limits?: LimitsConfig;
  readonly budget?: OutboxBudget;
  /** Between signs of life on an event stream, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
  /** A client of an event stream may read nothing for so long, in ms; then it is cut off. Default 30,000. */
  readonly stallMs?: number;
}

/** GraphQL over HTTP, and what other transports need to be like it. Disposing stops its timers. */
export interface GraphQLServer extends Disposable {
  readonly pipeline: GraphQLPipeline;
  readonly toPublicError: ToPublicError;
  readonly limits: LimitsConfig;
  /** Of WebSockets and event streams. */
  readonly addresses: OpenByAddress;
  /** @param resumeAfter is a cursor, which beats `after`. */
  readonly connect: (viewer: Viewer, resumeAfter?: string) => Connection;
  /** Answers a request for /graphql: queries as JSON, subscriptions as event streams. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
  ) => Promise<void>;
}

/** What a request brings along through Yoga. */
interface ServerContext {
  readonly connection: Connection;
  readonly stream: EventStream;
  /** The answer is on its way already, past Yoga. */
  answered: boolean;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function createGraphQLServer(
  services: GraphQLServices & { readonly fanout: Fanout },
  {
    logger,
    limits = DEFAULT_LIMITS,
    budget = DEFAULT_BUDGET,
    keepAliveMs = KEEP_ALIVE_MS,
    stallMs = STALL_MS,
  }: GraphQLOptions,
): GraphQLServer {
  const { fanout, ...resolved } = services;
  const { journal } = services;
  const toPublicError = createToPublicError(logger);
  const pipeline = createPipeline(resolved, fanout, toPublicError, limits);
  const addresses = new OpenByAddress(limits);
  const streams = new EventStreams({ journal, toPublicError, budget, keepAliveMs, stallMs });
  const yoga = createYoga<ServerContext>({
    plugins: [pipelinePlugin(pipeline, addresses)],
    maskedErrors: { maskError: toPublicError },
    maxRequestBodySize: limits.messageBytes,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
  });
  const connect = (viewer: Viewer, resumeAfter?: string): Connection => ({
    viewer,
    resumeAfter,
    cursor: new ConnectionCursor(journal),
  });
  return {
    pipeline,
    toPublicError,
    limits,
    addresses,
    connect,
    async handle(request, response, viewer) {
      // An empty one says that nothing has come yet.
      const resumeAfter = request.headers['last-event-id']?.toString() || undefined;
      const connection = connect(viewer, resumeAfter);
      const stream = new EventStream(response, connection.cursor, streams);
      const context: ServerContext = { connection, stream, request, response, answered: false };
      const answer = await yoga.handleNodeRequestAndResponse(request, response, context);
      if (!context.answered) await sendAnswer(response, answer);
    },
    [Symbol.dispose]: () => streams[Symbol.dispose](),
  };
}

/** Yoga reads requests and answers them, but for streams; what is between is the same for all transports. */
const pipelinePlugin = (
  pipeline: GraphQLPipeline,
  addresses: OpenByAddress,
): Plugin<object, ServerContext> => ({
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
  onParams({ request, setParamsHandler }) {
    setParamsHandler(async ({ params: { query = '', variables, operationName }, context }) => {
      const { connection, stream } = context;
      const result = await pipeline.run({ query, variables, operationName }, connection, stream);
      if (!(Symbol.asyncIterator in result)) return result;
      context.answered = true;
      answerWithStream(context, result, acceptedBy(request), addresses);
      return {};
    });
  },
  onResultProcess({ request, result, setResultProcessor }) {
    if (Array.isArray(result) || Symbol.asyncIterator in result) return;
    // Whoever accepts anything else gets JSON.
    if (
      !/event-stream/.test(acceptedBy(request)) ||
      /application\/|\*\/\*/.test(acceptedBy(request))
    )
      return;
    const body = nextEvent(result) + COMPLETE_EVENT;
    setResultProcessor(
      (_result, { Response }) => new Response(body, { headers: { ...EVENT_STREAM_HEADERS } }),
      EVENT_STREAM,
    );
  },
});

const acceptedBy = ({ headers }: Request): string => headers.get('accept') ?? '*/*';

function answerWithStream(
  { stream, request, response }: ServerContext,
  results: ResultStream,
  accepted: string,
  addresses: OpenByAddress,
): void {
  const refuse = (status: number, code: GatewayErrorCode, message: string): void => {
    void results.return();
    sendJson(response, status, errorBody(code, message));
  };
  if (!/text\/(event-stream|\*)|\*\/\*/.test(accepted)) {
    const ways = `accept ${EVENT_STREAM}, or use a WebSocket`;
    refuse(406, 'BAD_USER_INPUT', `A subscription is answered as a stream of events: ${ways}.`);
    return;
  }
  const place = addresses.acquire(request);
  if (!place) {
    refuse(429, 'TOO_MANY_CONNECTIONS', TOO_MANY_FROM_ADDRESS);
    return;
  }
  response.once('close', () => place[Symbol.dispose]());
  stream.open(results);
}

async function sendAnswer(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}
