import type { PersonType } from '@se5/core';

/** All of them, in the order in which they are listed to users. */
export const PERSON_TYPES = [
  'EMPLOYEE',
  'VISITOR',
  'BLACKLIST',
  'STRANGER',
  'VIP',
  'UNKNOWN',
] as const satisfies readonly PersonType[];
