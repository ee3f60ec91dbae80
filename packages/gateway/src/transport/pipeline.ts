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
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import { isOpenTo } from '../access/openness.ts';
import type { Openness } from '../config/config.ts';
import type { LimitsConfig } from '../config/limits.ts';
import type { Fanout } from '../fanout/fanout.ts';
import { Member } from '../fanout/member.ts';
import type { Answering, PictureText } from '../fanout/shape.ts';
import type { Sink } from '../fanout/sink.ts';
import type { SubscriptionRequest } from '../fanout/subscription-request.ts';
import type { GraphQLContext, GraphQLServices, PermissionClass } from '../schema/context.ts';
import { buildSchema } from '../schema/schema.ts';
import { boundedBase64, refusalIn } from './answer-size.ts';
import type { Connection } from './connection-cursor.ts';
import { DocumentCache, type DocumentLimits } from './document-cache.ts';
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
   * Ready to execute or to subscribe to, else what is wrong with it.
   *
   * @param sink takes the events of a subscription to recognitions: they come out of the fan-out,
   *   and the stream of results stays silent until it ends.
   */
  readonly prepare: (
    request: GraphQLRequest,
    connection: Connection,
    sink: Sink,
  ) => ExecutionArgs | { readonly errors: readonly GraphQLError[] };
  readonly execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  /**
   * A stream that is returned ends at once, even while it waits for an event. The answer is there
   * at once, unless a resolver takes its time.
   */
  readonly subscribe: (
    args: ExecutionArgs,
  ) => ResultStream | ExecutionResult | Promise<ResultStream | ExecutionResult>;
}

/** Whether what is ready is to be subscribed to, rather than executed. */
export const isSubscription = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;

export function createPipeline(
  services: GraphQLServices,
  fanout: Fanout,
  toPublicError: ToPublicError,
  limits: DocumentLimits & Pick<LimitsConfig, 'base64Bytes'>,
  introspection: Openness,
): GraphQLPipeline {
  const schema = buildSchema();
  const documents = new DocumentCache(schema, limits);
  const withoutIntrospection = new DocumentCache(schema, limits, false);

  const publicResult = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map(toPublicError) } : result;

  /** How the events of a subscription become answers: nothing in it belongs to one connection. */
  function answering(args: ExecutionArgs, permissionClass: PermissionClass): Answering {
    const operation = validateSubscriptionArgs({ ...args, contextValue: undefined });
    if (!('schema' in operation)) throw new TypeError('subscribed to before it was validated');
    const contextFor = (pictureText: PictureText): GraphQLContext => ({
      ...services,
      permissionClass,
      subscribe: notSubscribing,
      pictureText,
      isImmediate: true,
    });
    return { operation, contextFor, publicError: (error) => toPublicError(error).toJSON() };
  }

  return {
    prepare({ query, variables, operationName }, connection, sink) {
      const { viewer, resumeAfter: after, cursor: roster } = connection;
      const mayIntrospect = isOpenTo(introspection, viewer);
      const document = (mayIntrospect ? documents : withoutIntrospection).get(query);
      if ('errors' in document) return document;
      const permissionClass = viewer.kind;
      const subscribe = (request: SubscriptionRequest): Member =>
        fanout.attach({
          ...request,
          ...(after !== undefined && { after }),
          answering: answering(args, permissionClass),
          permissionClass,
          sink,
          roster,
        });
      const contextValue: GraphQLContext = {
        ...services,
        permissionClass,
        subscribe,
        admitBase64: boundedBase64(limits.base64Bytes),
        pictureText: asText,
        isImmediate: false,
      };
      const args = {
        schema,
        document,
        variableValues: variables,
        operationName,
        contextValue,
        hideSuggestions: !mayIntrospect,
      };
      return args;
    },

    async execute(args) {
      const result = await execute(args);
      const refusal = refusalIn(result);
      return publicResult(refusal ? { errors: [refusal] } : result);
    },

    subscribe(args) {
      const validated = validateSubscriptionArgs(args);
      if (!('schema' in validated)) return publicResult({ errors: validated });
      const source = createSourceEventStream(validated);
      const answer = (each: Source) => answerOf(validated, each);
      return source instanceof Promise ? source.then(answer) : answer(source);
    },
  };

  function answerOf(
    validated: ValidatedSubscriptionArgs,
    source: Source,
  ): ResultStream | ExecutionResult {
    if (!(Symbol.asyncIterator in source)) return publicResult(source);
    if (source instanceof Member) return new PublicStream(source, toPublicError);
    const results = mapSourceToResponseEvent(validated, source, async (event) => {
      // Loaders remember for as long as their context lives: here, for one event.
      const contextValue = Object.assign({}, event.contextValue);
      return publicResult(await executeSubscriptionEvent({ ...event, contextValue }));
    });
    return new PublicStream(results, toPublicError);
  }
}

type Source = Awaited<ReturnType<typeof createSourceEventStream>>;

const asText: PictureText = ({ base64 }) => base64.toString('latin1');

const notSubscribing = (): never => {
  throw new TypeError('an event has nothing to subscribe to');
};

/** For a source that breaks: what its error says is not for the user. */
class PublicStream implements ResultStream {
  readonly #results: ResultStream;
  readonly #toPublicError: ToPublicError;

  constructor(results: ResultStream, toPublicError: ToPublicError) {
    this.#results = results;
    this.#toPublicError = toPublicError;
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    try {
      return await this.#results.next();
    } catch (error) {
      throw this.#toPublicError(error);
    }
  }

  return(): Promise<IteratorResult<ExecutionResult, void>> {
    return this.#results.return();
  }

  throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    return this.#results.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#results[Symbol.asyncDispose]();
  }
}
