import { z } from 'zod';
import { CONTENDERS } from '../contenders/contender.ts';

const statisticSchema = z.object({ median: z.number(), min: z.number(), max: z.number() });

const targetSchema = z.object({ bound: z.enum(['at most', 'at least']), value: z.number() });

/** A figure of the gateway, alone or against another, and what it should be. */
const verdictSchema = statisticSchema.extend({
  /** Such as `÷ bare`. */
  what: z.string(),
  /** Undefined: reported, and nothing is asked of it. */
  target: targetSchema.optional(),
});

/** Who was the limit, as shares of time from 0 to 1. */
const contenderSchema = statisticSchema.extend({
  /** The highest in which the load's event loop had something to do. */
  loadBusy: z.number().optional(),
  /** The lowest of its core that the server used; only where it was to be as busy as it can. */
  serverBusy: z.number().optional(),
});

/** One line of the table. Statistics are over the rounds. */
export const measurementSchema = z.object({
  figure: z.string(),
  scenario: z.string(),
  unit: z.string(),
  by: z.partialRecord(z.enum(CONTENDERS), contenderSchema),
  verdict: verdictSchema.optional(),
});

export type Statistic = z.infer<typeof statisticSchema>;
export type Target = z.infer<typeof targetSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type Measurement = z.infer<typeof measurementSchema>;

/** @throws {RangeError} of no values, or when one is no number. */
export function statisticOf(values: readonly number[]): Statistic {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined) {
    throw new RangeError('a statistic needs at least one value');
  }
  if (values.some(Number.isNaN)) throw new RangeError('a statistic is of numbers');
  return { median: (low + high) / 2, min, max };
}
