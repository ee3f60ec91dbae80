/**
 * Who there is: as many people as there are drawn portraits, so that no face goes by two names.
 * `scripts/draw-portraits.ts` draws exactly these.
 */
export const CAST = { people: 40, strangers: 12 } as const;

export type Role = 'employee' | 'visitor' | 'vip' | 'barred';

const ROLES_OF_TEN = [
  'employee',
  'employee',
  'employee',
  'employee',
  'employee',
  'employee',
  'visitor',
  'visitor',
  'vip',
  'barred',
] as const satisfies Role[];

/** The role of the person with this number; numbers count from 1. */
export const roleOf = (number: number): Role =>
  ROLES_OF_TEN[(number - 1) % ROLES_OF_TEN.length] ?? 'employee';

/** The file names of the drawn pictures, without `.jpg`. */
export const portraitFile = (
  who: 'person' | 'stranger',
  number: number,
  picture: 'registered' | 'face' | 'scene',
): string => `${who}-${String(number).padStart(2, '0')}-${picture}`;
