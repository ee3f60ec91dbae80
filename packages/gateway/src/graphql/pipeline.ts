import {
  createSourceEventStream,
  type DocumentNode,
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
import type { Caller } from '../access/caller.ts';
import { isOpenTo } from '../access/openness.ts';
import type { PermissionClass } from '../access/permission-class.ts';
import type { ViewerLimits } from '../access/viewer-limits.ts';
import type { Audit } from '../audit/audit.ts';
import type { Openness } from '../config/config.ts';
import type { Fanout } from '../fanout/fanout.ts';
import type { PictureText, ResponseExecutor } from '../fanout/shape.ts';
import { Subscription } from '../fanout/subscription.ts';
import type { SubscriptionRequest } from '../fanout/subscription-request.ts';
import type { SubscriptionSink } from '../fanout/subscription-sink.ts';
import type { GraphQLContext, GraphQLServices } from '../schema/context.ts';
import { costOf } from '../schema/cost.ts';
import { permittedDirectories } from '../schema/permitted-directory.ts';
import { buildSchema } from '../schema/schema.ts';
import { Turns } from '../turns.ts';
import type { AlarmActs } from './alarm-acts.ts';
import { AnswerBudget, type AnswerLimits } from './answer-budget.ts';
import { type Answer, refusalIn, withText } from './answer-text.ts';
import { type ArgumentLimits, declaredVariables } from './argument-size.ts';
import type { Connection } from './connection-cursor.ts';
import { DocumentCache, type DocumentLimits } from './document-cache.ts';
import {
  MAX_ERRORS,
  missingDocument,
  operationNotTrusted,
  type PublicError,
  persistedQueryNotFound,
  persistedQueryNotSupported,
  publicErrors,
  type ToPublicError,
} from './errors.ts';
import {
  boundedList,
  type OperationLimits,
  rateLimited,
  tooCostly,
  tooManySubscriptions,
} from './operation-limits.ts';
import { documentNameOf, isHashAlone, type NamedDocument } from './persisted-query.ts';
import { PublicStream, type ResultStream } from './public-stream.ts';
import type { QueriedJournal } from './queried-journal.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import type { ViewerErasures } from './viewer-erasures.ts';

export interface GraphQLRequest extends NamedDocument {
  /** `''` when there is none. */
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/** An operation that is ready, and whose it is. */
export interface PreparedOperation extends ExecutionArgs {
  readonly caller: Caller;
  /** Of a subscription to recognitions: noted when it is subscribed. */
  readonly asked: { request?: SubscriptionRequest };
}

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
    sink: SubscriptionSink,
  ) => PreparedOperation | { readonly errors: readonly GraphQLError[] };
  /**
   * A query of the gateway's own, to be executed for a viewer: whatever documents that one may send,
   * and not one of its operations.
   *
   * @param document valid by the schema.
   */
  readonly ownQuery: (
    document: DocumentNode,
    variableValues: Readonly<Record<string, unknown>>,
    connection: Connection,
    historyRead?: GraphQLContext['historyRead'],
  ) => PreparedOperation;
  /**
   * Executes a query, with pauses for others when its answer is large.
   *
   * @param leaving is aborted when nobody waits for the answer any more: it is broken off.
   * @param client whose query it is, a connection: clients take turns. Default: one of its own.
   */
  readonly execute: (
    operation: PreparedOperation,
    leaving?: AbortSignal,
    client?: object,
  ) => Promise<Answer>;
  /**
   * A stream that is returned ends at once, even while it waits for an event. The answer is there
   * at once, unless a resolver takes its time.
   *
   * @throws {PublicError} TOO_MANY_SUBSCRIPTIONS.
   */
  readonly subscribe: (
    operation: PreparedOperation,
  ) => ResultStream | ExecutionResult | Promise<ResultStream | ExecutionResult>;
}

/** Whether what is ready is to be subscribed to, rather than executed. */
export const isSubscription = (operation: ExecutionArgs): boolean =>
  typeOf(operation) === OperationTypeNode.SUBSCRIPTION;

/** Whether what is ready changes something. */
export const isMutation = (operation: ExecutionArgs): boolean =>
  typeOf(operation) === OperationTypeNode.MUTATION;

const typeOf = ({ document, operationName }: ExecutionArgs): OperationTypeNode | undefined =>
  getOperationAST(document, operationName)?.operation;

export function createPipeline(
  services: GraphQLServices & {
    readonly journal: QueriedJournal;
    readonly alarmActs: AlarmActs;
    readonly viewerErasures: ViewerErasures;
  },
  fanout: Fanout,
  toPublicError: ToPublicError,
  limits: DocumentLimits & ArgumentLimits & AnswerLimits & OperationLimits,
  {
    introspection,
    trusted: trustedNow = () => undefined,
    viewerLimits,
    audit,
    turns = new Turns(),
  }: {
    readonly introspection: Openness;
    /** Undefined: none are known. */
    readonly trusted?: () => TrustedDocuments | undefined;
    readonly viewerLimits: ViewerLimits;
    readonly audit: Audit;
    readonly turns?: Turns;
  },
): GraphQLPipeline {
  const schema = buildSchema();
  const documents = new DocumentCache(schema, limits);
  const withoutIntrospection = new DocumentCache(schema, limits, false);
  const directoryOf = permittedDirectories(services.directory);

  const publicResult = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: publicErrors(result.errors, toPublicError) } : result;

  /** How the events of a subscription become answers: nothing in it belongs to one connection. */
  function executor(args: ExecutionArgs, permissionClass: PermissionClass): ResponseExecutor {
    const operation = validateSubscriptionArgs({ ...args, contextValue: undefined });
    if (!('schema' in operation)) throw new TypeError('subscribed to before it was validated');
    const directory = directoryOf(permissionClass);
    const contextFor = (pictureText: PictureText): GraphQLContext => ({
      ...services,
      directory,
      permissionClass,
      ...READING,
      pictureText,
      isImmediate: true,
      list: boundedList(limits.eventCost),
    });
    return { operation, contextFor, publicError: (error) => toPublicError(error).toJSON() };
  }

  /** The text of the document that is asked for, or why it is not executed. */
  function documentOf(request: GraphQLRequest, caller: Caller): string | PublicError {
    const name = documentNameOf(request);
    const trusted = trustedNow();
    if (trusted && name !== undefined) return trusted.get(name) ?? persistedQueryNotFound();
    if (isHashAlone(request)) return persistedQueryNotSupported();
    if (!/\S/.test(request.query)) return missingDocument();
    if (caller.viewer.rights.anyOperation || trusted?.has(request.query)) return request.query;
    audit.permissionRefused(caller, 'OPERATION_NOT_TRUSTED');
    return operationNotTrusted();
  }

  return {
    ownQuery: (document, variableValues, connection, historyRead) => {
      const { permissionClass } = connection.viewer;
      const contextValue: GraphQLContext = {
        ...services,
        directory: directoryOf(permissionClass),
        permissionClass,
        ...READING,
        ...(historyRead && { historyRead }),
        pictureText: asText,
        isImmediate: false,
      };
      const options = { maxCoercionErrors: MAX_ERRORS };
      return {
        schema,
        document,
        variableValues,
        contextValue,
        options,
        caller: connection,
        asked: {},
      };
    },

    prepare(request, connection, sink) {
      const waitMs = viewerLimits.operation(connection);
      if (waitMs !== undefined) return { errors: [rateLimited(limits, waitMs)] };
      const { variables, operationName } = request;
      const query = documentOf(request, connection);
      if (typeof query !== 'string') return { errors: [query] };
      const mayIntrospect = isOpenTo(introspection, connection.viewer);
      const checked = (mayIntrospect ? documents : withoutIntrospection).get(query);
      if ('errors' in checked) return checked;
      const { document, operations } = checked;
      const declared = declaredVariables(document, variables, limits);
      if ('errors' in declared) return declared;
      const operation = getOperationAST(document, operationName)?.operation;
      const key = operation === OperationTypeNode.SUBSCRIPTION ? 'eventCost' : 'cost';
      const { viewer, resumeAfter: after, cursor: connectionSubscriptions } = connection;
      const { permissionClass } = viewer;
      const directory = directoryOf(permissionClass);
      const cost = costOf(operations, directory, declared.variables);
      if (cost > limits[key]) return { errors: [tooCostly(cost, limits[key], key)] };
      const asked: PreparedOperation['asked'] = {};
      const subscribe = (request: SubscriptionRequest): Subscription => {
        asked.request = { ...request, ...(after !== undefined && { after }) };
        return fanout.attach({
          ...asked.request,
          executor: executor(args, permissionClass),
          permissionClass,
          sink,
          connectionSubscriptions,
        });
      };
      const contextValue: GraphQLContext = {
        ...services,
        directory,
        permissionClass,
        viewer: () => connection.viewer,
        subscribe,
        followAlarms: (request) =>
          fanout.alarms.follow({
            ...request,
            ...(after !== undefined && { after }),
            permissionClass,
            connectionSubscriptions,
          }),
        answerAlarm: (answer) => services.alarmActs.answer(connection, answer),
        erase: (target) => services.viewerErasures.erase(connection, target),
        historyRead: (filter, events) =>
          audit.historyQueried(connection, { document: query, filter, events }),
        pictureText: asText,
        isImmediate: false,
      };
      const args = {
        schema,
        document,
        variableValues: declared.variables,
        operationName,
        contextValue,
        hideSuggestions: !mayIntrospect,
        options: { maxCoercionErrors: MAX_ERRORS },
        caller: connection,
        asked,
      };
      return args;
    },

    async execute(operation, leaving, client = {}) {
      const clientTurns = turns.of(client);
      using budget = new AnswerBudget(limits, clientTurns, leaving);
      const { signal, list, admitBase64 } = budget;
      const journal = services.journal.of(client);
      const context = { journal, list, admitBase64, signal, counted: new Map() };
      const contextValue = Object.assign({}, operation.contextValue, context);
      try {
        while (clientTurns.isSpent) await clientTurns.next();
        // Not graphql-js's own signal: an answer counts as under way until all of it has ended.
        const result = await execute({ ...operation, contextValue });
        signal.throwIfAborted();
        const refusal = refusalIn(result);
        if (refusal) return publicResult({ errors: [refusal] });
        const answer = await withText(
          publicResult(result),
          budget.answerBytes,
          clientTurns,
          signal,
        );
        const { pictures } = budget;
        if (pictures > 0) {
          audit.picturesQueried(operation.caller, { document: textOf(operation), pictures });
        }
        return answer;
      } catch (error) {
        // Nobody reads it.
        if (leaving?.aborted) return {};
        return { errors: [toPublicError(error)] };
      }
    },

    subscribe(operation) {
      const place = viewerLimits.subscription(operation.caller);
      if (!place) throw tooManySubscriptions(limits);
      const ended = () => place[Symbol.dispose]();
      const failed = (error: unknown): never => {
        ended();
        throw error;
      };
      try {
        const validated = validateSubscriptionArgs(operation);
        if (!('schema' in validated)) return withoutStream({ errors: validated }, ended);
        const source = createSourceEventStream(validated);
        const answer = (each: Source) => answerOf(operation, validated, each, ended);
        return source instanceof Promise ? source.then(answer, failed) : answer(source);
      } catch (error) {
        return failed(error);
      }
    },
  };

  function withoutStream(result: ExecutionResult, ended: () => void): ExecutionResult {
    ended();
    return publicResult(result);
  }

  function answerOf(
    operation: PreparedOperation,
    validated: ValidatedSubscriptionArgs,
    source: Source,
    release: () => void,
  ): ResultStream | ExecutionResult {
    if (!(Symbol.asyncIterator in source)) return withoutStream(source, release);
    const { caller, asked } = operation;
    const document = textOf(operation);
    const told = audit.subscriptionBegun(caller, { document, ...asked.request });
    const left = new AbortController();
    let pictures = 0;
    const ended = (results: number): void => {
      release();
      left.abort();
      if (source instanceof Subscription) told(source.delivered, source.pictures);
      else told(results, pictures);
    };
    if (source instanceof Subscription) return new PublicStream(source, toPublicError, ended);
    const results = mapSourceToResponseEvent(validated, source, async (event) => {
      using budget = new AnswerBudget(limits, turns.of(caller), left.signal);
      const { signal, admitBase64 } = budget;
      const list = boundedList(limits.eventCost);
      const journal = services.journal.of(caller);
      // Loaders remember for as long as their context lives: here, for one event.
      const context = { journal, list, admitBase64, signal };
      const contextValue = Object.assign({}, event.contextValue, context);
      const result = await executeSubscriptionEvent({ ...event, contextValue });
      pictures += budget.pictures;
      return publicResult(result);
    });
    return new PublicStream(results, toPublicError, ended);
  }
}

type Source = Awaited<ReturnType<typeof createSourceEventStream>>;

const textOf = ({ document }: ExecutionArgs): string => document.loc?.source.body ?? '';

const asText: PictureText = ({ base64 }) => base64.toString('latin1');

const onlyReading = (): never => {
  throw new TypeError('this operation only reads');
};

/** For an event, and for a query of the gateway's own. */
const READING = {
  viewer: onlyReading,
  subscribe: onlyReading,
  followAlarms: onlyReading,
  answerAlarm: onlyReading,
  erase: onlyReading,
} as const;
