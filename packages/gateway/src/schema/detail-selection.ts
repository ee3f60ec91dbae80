import {
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
} from 'graphql';
import { type SelectionScope, selectedFields, selectionSetsOf } from '../fanout/selection.ts';
import type { Detail } from '../journal/detail.ts';

type Selected = SelectionScope & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

/** What an operation shows of the events below its field, be they one or a page. */
export function selectedDetail(info: Selected): Detail {
  const type = getNamedType(info.returnType);
  return isObjectType(type) && isFull(type, info.fieldNodes) ? 'full' : 'plain';

  function isFull(parent: GraphQLObjectType, nodes: Selected['fieldNodes']): boolean {
    const fields = [...selectedFields(parent, selectionSetsOf(nodes), info).values()];
    if (parent.name === 'RecognitionEvent') {
      return fields
        .flat()
        .some(({ name }) => name.value === 'identityInfo' || name.value === 'extra');
    }
    return fields.some((merged) => {
      const [first] = merged;
      const field = first && parent.getFields()[first.name.value];
      const below = field && getNamedType(field.type);
      return isObjectType(below) && isFull(below, merged);
    });
  }
}
