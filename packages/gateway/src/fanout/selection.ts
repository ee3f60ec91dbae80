import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What it takes to tell what a selection selects. */
export type SelectionScope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/**
 * The fields that are executed on an object of this type for these selection sets together, by
 * response key, in the order of the answer: with fragments spread, `@skip` and `@include` obeyed,
 * and the nodes that are merged under one key beside each other. The document must be valid.
 */
export function selectedFields(
  type: GraphQLObjectType,
  selectionSets: Iterable<SelectionSetNode>,
  scope: SelectionScope,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, scope)) continue;
      switch (selection.kind) {
        case Kind.FIELD: {
          const { value: key } = selection.alias ?? selection.name;
          const merged = fields.get(key);
          if (merged) merged.push(selection);
          else fields.set(key, [selection]);
          break;
        }
        case Kind.INLINE_FRAGMENT:
          if (applies(selection.typeCondition, type, scope)) collect(selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const { value: name } = selection.name;
          const fragment = scope.fragments[name];
          if (!fragment || spread.has(name)) break;
          if (!applies(fragment.typeCondition, type, scope)) break;
          spread.add(name);
          collect(fragment.selectionSet);
        }
      }
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
}

/** The selection sets below fields that are merged. */
export const selectionSetsOf = (fields: readonly FieldNode[]): SelectionSetNode[] =>
  fields.flatMap(({ selectionSet }) => selectionSet ?? []);

const isIncluded = (selection: SelectionNode, { variableValues }: SelectionScope): boolean =>
  getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false;

function applies(
  condition: NamedTypeNode | undefined,
  type: GraphQLObjectType,
  { schema }: SelectionScope,
): boolean {
  if (condition === undefined || condition.name.value === type.name) return true;
  const named = schema.getType(condition.name.value);
  return isAbstractType(named) && schema.isSubType(named, type);
}
