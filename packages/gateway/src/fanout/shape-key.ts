import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type ValidatedSubscriptionArgs,
} from 'graphql';
import { canonicalJson } from '../canonical-json.ts';
import { type SelectionScope, selectedFields, selectionSetsOf } from './selection.ts';

/** Arguments of the root field that say which events, and nothing of how they look. */
const ROUTING = new Set(['deviceIds', 'filter', 'after']);

/**
 * What the answers of an operation look like: two operations with equal keys have, to the byte,
 * equal answers to an event, whatever they are called and however they are written.
 *
 * Aliases and the order of fields are part of the answer, so they are part of the key. Fragments,
 * conditions, variables, defaults and the order of arguments are not: the key has what they
 * come to.
 *
 * @param permissionClass is equal for viewers who may see the same.
 */
export function shapeKey(operation: ValidatedSubscriptionArgs, permissionClass: string): string {
  const { schema, operation: definition, errorPropagation } = operation;
  const root = schema.getSubscriptionType();
  if (!root) throw new TypeError('the schema has no subscriptions');
  const scope: SelectionScope = {
    schema,
    fragments: operation.fragmentDefinitions,
    variableValues: operation.variableValues,
  };
  const selection = objectKey(root, [...selectedFields(root, [definition.selectionSet], scope)]);
  return canonicalJson([permissionClass, errorPropagation, selection]);

  function objectKey(
    type: GraphQLObjectType,
    fields: readonly (readonly [string, readonly FieldNode[]])[],
  ): unknown {
    return fields.map(([responseKey, nodes]) => {
      const [node] = nodes;
      const field = node && schema.getField(type, node.name.value);
      if (!field) return [responseKey];
      return [
        responseKey,
        field.name,
        argumentsKey(field, node, type === root),
        typeKey(field.type, nodes),
      ];
    });
  }

  function typeKey(outputType: GraphQLOutputType, nodes: readonly FieldNode[]): unknown {
    const type = getNamedType(outputType);
    const selectionSets = selectionSetsOf(nodes);
    const keyOf = (each: GraphQLObjectType) =>
      objectKey(each, [...selectedFields(each, selectionSets, scope)]);
    if (isObjectType(type)) return keyOf(type);
    if (!isAbstractType(type)) return null;
    return schema.getPossibleTypes(type).map((each) => [each.name, keyOf(each)]);
  }

  function argumentsKey(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    isRoot: boolean,
  ): unknown {
    try {
      const values = Object.entries(getArgumentValues(field, node, scope.variableValues));
      return Object.fromEntries(isRoot ? values.filter(([name]) => !ROUTING.has(name)) : values);
    } catch (error) {
      // The field's answer is this error then, so its message is all that the answer depends on.
      return [String(error)];
    }
  }
}
