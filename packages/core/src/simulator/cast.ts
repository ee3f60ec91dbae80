/**
 * Who there is: as many people as there are drawn portraits, so that no face goes by two names.
 * `scripts/draw-portraits.ts` draws exactly these.
 */
export const CAST = { people: 40, strangers: 12 } as const;

/** The file names of the drawn pictures, without `.jpg`; `number` counts from 1. */
export const portraitFile = (
  who: 'person' | 'stranger',
  number: number,
  picture: 'registered' | 'face' | 'scene',
): string => `${who}-${String(number).padStart(2, '0')}-${picture}`;
