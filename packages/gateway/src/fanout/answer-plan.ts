import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
  type ValidatedSubscriptionArgs,
} from 'graphql';
import { type SelectionScope, selectedFields, selectionSetsOf } from './selection.ts';

/** The data of one answer, or undefined when only graphql-js can tell what the answer is. */
export type AnswerPlan = (
  rootValue: unknown,
  contextValue: unknown,
) => Record<string, unknown> | undefined;

type Complete = (value: unknown, context: unknown) => unknown;

/** What is not planned for: a null where none may be, an error, a promise, an abstract type. */
class NotPlanned extends Error {}

const NO_PLAN: AnswerPlan = () => undefined;

/**
 * Decides once what graphql-js decides for each event anew: which fields are selected, with
 * which arguments, and how their values are completed. What is left to do for an event is to
 * call the resolvers.
 *
 * A plan is for answers without errors that are there at once. For any other it gives
 * undefined, and graphql-js has to be asked, which calls the resolvers again.
 *
 * Resolvers get the `info` that graphql-js would give them, but for two things: below a list,
 * the path does not say which of its items they are asked for, and nothing can be aborted.
 */
export function planAnswers(operation: ValidatedSubscriptionArgs): AnswerPlan {
  const { schema, operation: definition } = operation;
  const scope: SelectionScope = {
    schema,
    fragments: operation.fragmentDefinitions,
    variableValues: operation.variableValues,
  };
  const root = schema.getSubscriptionType();
  if (!root) return NO_PLAN;
  try {
    const complete = planObject(root, [definition.selectionSet], undefined);
    return (rootValue, contextValue) => {
      try {
        return complete(rootValue, contextValue);
      } catch {
        // Whatever it is, graphql-js meets it again, and knows how to tell it.
        return undefined;
      }
    };
  } catch (error) {
    if (error instanceof NotPlanned) return NO_PLAN;
    throw error;
  }

  function planObject(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    path: GraphQLResolveInfo['path'] | undefined,
  ): (source: unknown, context: unknown) => Record<string, unknown> {
    if (type.isTypeOf) throw new NotPlanned();
    const fields = [...selectedFields(type, selectionSets, scope)].map(
      ([key, nodes]): [string, Complete] => {
        // It would be no member of an ordinary object.
        if (key === '__proto__') throw new NotPlanned();
        return [key, planField(type, nodes, { prev: path, key, typename: type.name })];
      },
    );
    return (source, context) => {
      const object: Record<string, unknown> = {};
      for (const [key, resolve] of fields) object[key] = resolve(source, context);
      return object;
    };
  }

  function planField(
    parentType: GraphQLObjectType,
    fieldNodes: readonly FieldNode[],
    path: GraphQLResolveInfo['path'],
  ): Complete {
    const [node] = fieldNodes;
    const field = node && schema.getField(parentType, node.name.value);
    if (!field) throw new NotPlanned();
    const args = argumentsOf(field, node);
    const info: GraphQLResolveInfo = {
      ...scope,
      fieldName: field.name,
      fieldNodes,
      returnType: field.type,
      parentType,
      path,
      rootValue: undefined,
      operation: definition,
      getAbortSignal: () => undefined,
      getAsyncHelpers: () => ASYNC_HELPERS,
    };
    const { resolve = defaultFieldResolver } = field;
    const complete = planValue(field.type, fieldNodes, path);
    return (source, context) => complete(resolve(source, args, context, info), context);
  }

  function argumentsOf(
    field: Parameters<typeof getArgumentValues>[0],
    node: FieldNode,
  ): Record<string, unknown> {
    try {
      return getArgumentValues(field, node, scope.variableValues);
    } catch {
      // It is the field's answer, each time.
      throw new NotPlanned();
    }
  }

  function planValue(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    path: GraphQLResolveInfo['path'],
  ): Complete {
    if (isNonNullType(type)) {
      const complete = planValue(type.ofType, nodes, path);
      return (value, context) => complete(value, context) ?? notPlanned();
    }
    const complete = planPresent(type, nodes, path);
    return (value, context) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Promise) {
        // It is asked for again; how this one ends is of no interest, not even when it fails.
        value.catch(() => {});
        throw new NotPlanned();
      }
      if (value instanceof Error) throw new NotPlanned();
      return complete(value, context);
    };
  }

  function planPresent(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    path: GraphQLResolveInfo['path'],
  ): Complete {
    if (isLeafType(type)) return (value) => type.coerceOutputValue(value) ?? notPlanned();
    if (isObjectType(type)) return planObject(type, selectionSetsOf(nodes), path);
    if (!isListType(type)) throw new NotPlanned();
    const complete = planValue(type.ofType, nodes, path);
    return (list, context) =>
      Array.isArray(list) ? list.map((item) => complete(item, context)) : notPlanned();
  }
}

const ASYNC_HELPERS: ReturnType<GraphQLResolveInfo['getAsyncHelpers']> = {
  promiseAll: (values) => Promise.all(values),
  track: () => {},
};

function notPlanned(): never {
  throw new NotPlanned();
}
