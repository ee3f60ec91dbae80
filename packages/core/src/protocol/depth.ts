import type { JsonValue } from './json.ts';

/**
 * How many objects and arrays may stand in each other in what a box says. Boxes are known to
 * use five; the bound keeps whoever walks over an event from running out of stack.
 */
export const MAX_DEPTH = 64;

/** Whether a value nests deeper than `levels`. */
export const nestsDeeperThan = (value: JsonValue, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => nestsDeeperThan(inner, levels - 1)));
