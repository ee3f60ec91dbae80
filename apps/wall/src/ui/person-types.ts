import type { PersonType } from '@se5/client';

/** In the order in which a desk cares. */
export const personTypes = [
  'BLACKLIST',
  'STRANGER',
  'VISITOR',
  'VIP',
  'EMPLOYEE',
  'UNKNOWN',
] as const satisfies readonly PersonType[];
