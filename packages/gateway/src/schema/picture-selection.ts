import type { PictureSlot } from '@se5/core';
import { type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { type SelectionScope, selectedFields, selectionSetsOf } from '../fanout/selection.ts';

type Selected = SelectionScope & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

const SLOTS = {
  faceImage: 'face',
  sceneImage: 'scene',
  registeredImage: 'registered',
} as const satisfies Readonly<Record<string, PictureSlot>>;

/** Which pictures an operation on RecognitionEvent selects, whatever it selects of them. */
export function selectedPictures(info: Selected): readonly PictureSlot[] {
  const type = getNamedType(info.returnType);
  if (!isObjectType(type)) return [];
  const fields = selectedFields(type, selectionSetsOf(info.fieldNodes), info);
  const names = new Set([...fields.values()].flat().map(({ name }) => name.value));
  return Object.entries(SLOTS).flatMap(([field, slot]) => (names.has(field) ? [slot] : []));
}
