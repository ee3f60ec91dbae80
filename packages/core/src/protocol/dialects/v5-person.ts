import type { PersonType } from '../event.ts';
import { anything, asNumber, name, numeric, object, text } from '../wire.ts';

/* What live events [seed] and stored ones [vendor] say of a person by the same names. */

/** [seed] */
const PERSON_TYPES: ReadonlyMap<number | undefined, PersonType> = new Map([
  [1, 'EMPLOYEE'],
  [2, 'VISITOR'],
  [3, 'BLACKLIST'],
  [4, 'STRANGER'],
  [5, 'VIP'],
]);

/** Of an event without a readable `score` [assumed]: nothing is known to be similar. */
export const DEFAULT_SCORE = 0;

export const personShape = {
  identity_id: text,
  identity_name: name,
  identity_info: object,
  score: numeric,
};

/** The member `person_type`. @param absent where there is none. */
export const personTypeOr = (absent: PersonType) =>
  anything.transform((value) =>
    value === undefined ? absent : (PERSON_TYPES.get(asNumber(value)) ?? 'UNKNOWN'),
  );
