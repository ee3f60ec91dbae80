import type { EventFilter } from '../event-filter.ts';
import { deviceIds, factsOf } from '../load/event-pool.ts';
import type { Operation } from '../operation.ts';

/** What a list of people passing by shows. */
export const PLAIN: Operation = {
  query: `subscription Recognitions {
    recognitionEvents {
      id cursor occurredAt receivedAt personType
      identityId identityName groupName score similarity
      device { id name } box { id name } site { id name }
    }
  }`,
};

/** The same with the three pictures inline. */
export const PICTURED: Operation = {
  query: `subscription Recognitions {
    recognitionEvents(withImages: true) {
      id cursor occurredAt personType identityId identityName similarity
      device { id name } site { id name }
      faceImage { base64 byteLength } sceneImage { base64 byteLength } registeredImage { base64 byteLength }
    }
  }`,
};

const SELECTIONS = 20;
const FILTERS = 100;
const FIELDS_OF_A_SELECTION = 9;

/** How many subscribers in a row share a filter: with 1,000 there are 1,000 different pairs. */
const OF_ONE_FILTER = 10;

export const SELECTION_DEVICES = 100;

/** 1,000 operations: 20 selections, 100 filters, and no pair of them twice. */
export function variedOperations(): Operation[] {
  return Array.from({ length: FILTERS * OF_ONE_FILTER }, (_, index) => ({
    query: selection(index % SELECTIONS),
    filter: filterOf(Math.floor(index / OF_ONE_FILTER)),
  }));
}

const FIELDS = [
  'id',
  'cursor',
  'occurredAt',
  'receivedAt',
  'delivery',
  'replayed',
  'personType',
  'identityName',
  'groupName',
  'identityInfo',
  'score',
  'similarity',
  'deviceType',
  'deviceIp',
  'device { id name }',
  'box { id name }',
  'site { id name timezone }',
  'who: identityName',
  'extra',
  'gapsBefore { reason from to boxId }',
] as const;

/** The nth has its fields in another order than any other. */
function selection(index: number): string {
  const fields = [...FIELDS.slice(index), ...FIELDS.slice(0, index)].slice(
    0,
    FIELDS_OF_A_SELECTION,
  );
  return `subscription Recognitions($filter: RecognitionEventFilter) {
    recognitionEvents(filter: $filter) { identityId ${fields.join(' ')} }
  }`;
}

/** Each wants between a tenth and a half of what happens. */
function filterOf(index: number): EventFilter {
  const devices = deviceIds(SELECTION_DEVICES);
  const ten = Array.from({ length: 10 }, (_, offset) => devices[(index + offset * 7) % 100] ?? '');
  const { personType, groupName } = factsOf(SELECTION_DEVICES)[index] ?? {};
  switch (index % 4) {
    case 0:
      return { deviceIds: ten };
    case 1:
      return { minSimilarity: 0.5 + index / 250 };
    case 2:
      return { ...(personType && { personTypes: [personType] }), minSimilarity: index / 250 };
    default:
      return { ...(groupName && { groupNames: [groupName] }), minSimilarity: index / 500 };
  }
}
