import type { PictureDemand } from '@se5/core';
import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
} from 'graphql';

type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** Which pictures an operation on RecognitionEvent selects, whatever it selects of them. */
export function selectedPictures(info: Selected): PictureDemand {
  const names = new Set(info.fieldNodes.flatMap((field) => [...subfieldNames(field, info)]));
  return {
    live: names.has('faceImage') || names.has('sceneImage'),
    registered: names.has('registeredImage'),
  };
}

/** The fields right below this one, as the schema names them. */
function* subfieldNames(field: FieldNode, info: Selected): Generator<string> {
  for (const selection of field.selectionSet?.selections ?? []) {
    yield* fieldNames(selection, info);
  }
}

function* fieldNames(selection: SelectionNode, info: Selected): Generator<string> {
  if (!isIncluded(selection, info)) return;
  switch (selection.kind) {
    case Kind.FIELD:
      yield selection.name.value;
      return;
    case Kind.INLINE_FRAGMENT:
      for (const inner of selection.selectionSet.selections) yield* fieldNames(inner, info);
      return;
    case Kind.FRAGMENT_SPREAD:
      // Validation has seen to it that the fragment is there and does not spread itself.
      for (const inner of info.fragments[selection.name.value]?.selectionSet.selections ?? []) {
        yield* fieldNames(inner, info);
      }
  }
}

const isIncluded = (selection: SelectionNode, { variableValues }: Selected): boolean =>
  getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false;
