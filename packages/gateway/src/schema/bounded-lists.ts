import {
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
} from 'graphql';
import type { GraphQLContext } from './context.ts';

/** Bounded where they are made, and no event may fail because of them. */
const GAPS = 'gapsBefore';

/**
 * Lets each list pass through its context's `list` before its items are completed. Only lists
 * make an answer larger than its document.
 */
export function boundLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || field.name === GAPS || !isListType(getNullableType(field.type))) continue;
      field.resolve = bounded(resolve);
    }
  }
  return schema;
}

const isFlat = ({ fieldNodes }: GraphQLResolveInfo): boolean =>
  fieldNodes.every(({ selectionSet }) =>
    selectionSet?.selections.every(
      (selection) => selection.kind === Kind.FIELD && !selection.selectionSet,
    ),
  );

function bounded(
  resolve: GraphQLFieldResolver<unknown, GraphQLContext>,
): GraphQLFieldResolver<unknown, GraphQLContext> {
  return (source, args, context, info) => {
    const items: unknown = resolve(source, args, context, info);
    return context.list && Array.isArray(items) ? context.list(items, isFlat(info)) : items;
  };
}
