import type { PictureDemand } from '@se5/core';
import { type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { type SelectionScope, selectedFields, selectionSetsOf } from '../fanout/selection.ts';

type Selected = SelectionScope & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

/** Which pictures an operation on RecognitionEvent selects, whatever it selects of them. */
export function selectedPictures(info: Selected): PictureDemand {
  const type = getNamedType(info.returnType);
  if (!isObjectType(type)) return { live: false, registered: false };
  const fields = selectedFields(type, selectionSetsOf(info.fieldNodes), info);
  const names = new Set([...fields.values()].flat().map(({ name }) => name.value));
  return {
    live: names.has('faceImage') || names.has('sceneImage'),
    registered: names.has('registeredImage'),
  };
}
