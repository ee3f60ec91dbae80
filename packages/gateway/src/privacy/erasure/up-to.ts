import type { ErasureTarget } from '../erasure-target.ts';

/**
 * The target without what is later than the time, in ms since the Unix epoch: what comes while
 * an erasure lasts is not of the past, whatever was asked for.
 */
export const upTo = (target: ErasureTarget, time: number): ErasureTarget =>
  target.kind === 'before' ? { ...target, time: Math.min(target.time, time) } : target;
