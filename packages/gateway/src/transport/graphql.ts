import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import type { GraphQLServices } from '../schema/context.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Connection, ConnectionCursor } from './connection-cursor.ts';
import { createToPublicError, type ToPublicError, unreadableRequest } from './errors.ts';
import { eventStreamPlugin, type ServerContext } from './event-stream.ts';
import { createPipeline, type GraphQLPipeline } from './pipeline.ts';

/** Bound of a request's body, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Between signs of life on a quiet event stream, in ms. */
const KEEP_ALIVE_MS = 10_000;

export interface GraphQLOptions {
  readonly logger: Logger;
  /** Between signs of life on a quiet event stream, in ms. Default 10,000. */
  readonly keepAliveMs?: number;
}

/** GraphQL over HTTP, and what other transports need to be like it. */
export interface GraphQLServer {
  readonly pipeline: GraphQLPipeline;
  readonly toPublicError: ToPublicError;
  /** @param resumeAfter is a cursor, which beats `after`. */
  readonly connect: (viewer: Viewer, resumeAfter?: string) => Connection;
  /** Answers a request for /graphql: queries as JSON, subscriptions as event streams. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
  ) => Promise<void>;
}

export function createGraphQLServer(
  services: GraphQLServices,
  { logger, keepAliveMs = KEEP_ALIVE_MS }: GraphQLOptions,
): GraphQLServer {
  const toPublicError = createToPublicError(logger);
  const pipeline = createPipeline(services, toPublicError);
  const yoga = createYoga<ServerContext>({
    plugins: [pipelinePlugin(pipeline), eventStreamPlugin({ keepAliveMs, toPublicError })],
    maskedErrors: { maskError: toPublicError },
    maxRequestBodySize: MAX_BODY_BYTES,
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
    cursor: new ConnectionCursor(services.journal),
  });
  return {
    pipeline,
    toPublicError,
    connect,
    async handle(request, response, viewer) {
      // An empty one says that nothing has come yet.
      const resumeAfter = request.headers['last-event-id']?.toString() || undefined;
      const connection = connect(viewer, resumeAfter);
      await yoga(request, response, { connection });
    },
  };
}

/** Yoga reads requests and writes answers; what is between is the same for all transports. */
const pipelinePlugin = (pipeline: GraphQLPipeline): Plugin<object, ServerContext> => ({
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
  onParams({ setParamsHandler }) {
    setParamsHandler(({ params: { query = '', variables, operationName }, context }) =>
      pipeline.run({ query, variables, operationName }, context.connection),
    );
  },
});
