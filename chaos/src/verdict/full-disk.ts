import type { Trouble } from '../world/carry-out.ts';

/** So long after the disk has room again, events may still be in memory only, in ms. */
export const UNWRITTEN_MS = 10_000;

export const fullDisks = (troubles: readonly Trouble[]): readonly Trouble[] =>
  troubles.filter(({ fault }) => fault.kind === 'disk full');
