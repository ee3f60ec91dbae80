import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  executeSubscriptionEvent,
  type GraphQLError,
  getOperationAST,
  mapSourceToResponseEvent,
  OperationTypeNode,
  validateSubscriptionArgs,
} from 'graphql';
import type { Sink } from '../fanout/sink.ts';
import type { GraphQLConnection, GraphQLContext, GraphQLServices } from '../schema/context.ts';
import { buildSchema } from '../schema/schema.ts';
import { DocumentCache } from './document-cache.ts';
import type { ToPublicError } from './errors.ts';

export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
}

export type ResultStream = AsyncGenerator<ExecutionResult, void, void>;

/**
 * The one way from a request to its results, whatever transport it came by. The errors in what
 * it returns, and those that its streams throw, are public.
 */
export interface GraphQLPipeline {
  /**
   * Ready to execute or to subscribe to, else what is wrong with it. With a sink, the events of
   * recognitionEvents go there, and the stream of results stays empty.
   */
  readonly prepare: (
    request: GraphQLRequest,
    connection: GraphQLConnection,
    sink?: Sink,
  ) => ExecutionArgs | { readonly errors: readonly GraphQLError[] };
  readonly execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  /** A stream that is returned ends at once, even while it waits for an event. */
  readonly subscribe: (args: ExecutionArgs) => Promise<ResultStream | ExecutionResult>;
  /** All of it, for a transport that does not mind which kind of operation it is. */
  readonly run: (
    request: GraphQLRequest,
    connection: GraphQLConnection,
    sink?: Sink,
  ) => Promise<ResultStream | ExecutionResult>;
}

export function createPipeline(
  services: GraphQLServices,
  toPublicError: ToPublicError,
): GraphQLPipeline {
  const schema = buildSchema();
  const documents = new DocumentCache(schema);

  const publicResult = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map(toPublicError) } : result;

  const pipeline: GraphQLPipeline = {
    prepare({ query, variables, operationName }, connection, sink) {
      const found = documents.get(query);
      if ('errors' in found) return found;
      const contextValue: GraphQLContext = { ...services, connection, sink };
      return { schema, document: found, variableValues: variables, operationName, contextValue };
    },

    async execute(args) {
      return publicResult(await execute(args));
    },

    async subscribe(args) {
      const validated = validateSubscriptionArgs(args);
      if (!('schema' in validated)) return publicResult({ errors: validated });
      const source = await createSourceEventStream(validated);
      if (!(Symbol.asyncIterator in source)) return publicResult(source);
      const results = mapSourceToResponseEvent(validated, source, async (event) => {
        // Loaders remember for as long as their context lives: here, for one event.
        const contextValue = Object.assign({}, event.contextValue);
        return publicResult(await executeSubscriptionEvent({ ...event, contextValue }));
      });
      return withPublicErrors(results, toPublicError);
    },

    async run(request, connection, sink) {
      const args = pipeline.prepare(request, connection, sink);
      if ('errors' in args) return args;
      const operation = getOperationAST(args.document, args.operationName)?.operation;
      return operation === OperationTypeNode.SUBSCRIPTION
        ? pipeline.subscribe(args)
        : pipeline.execute(args);
    },
  };
  return pipeline;
}

/** For a source that breaks: what its error says is not for the user. */
function withPublicErrors(results: ResultStream, toPublicError: ToPublicError): ResultStream {
  return {
    next: () =>
      results.next().catch((error: unknown) => {
        throw toPublicError(error);
      }),
    return: () => results.return(),
    throw: (error: unknown) => results.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: () => results[Symbol.asyncDispose](),
  };
}
