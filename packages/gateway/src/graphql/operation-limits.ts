import type { LimitsConfig } from '../config/limits.ts';
import { limitError, type PublicError, tooOften } from './errors.ts';

export type OperationLimits = Pick<
  LimitsConfig,
  'cost' | 'eventCost' | 'operationsPerMinute' | 'subscriptionsPerViewer'
>;

export const rateLimited = (
  { operationsPerMinute }: OperationLimits,
  waitMs: number,
): PublicError =>
  tooOften(
    'RATE_LIMITED',
    `More than ${operationsPerMinute} operations came in a minute (limits.operationsPerMinute). Ask again in ${waitMs} ms, and less often.`,
    waitMs,
  );

/** For one of a viewer's subscriptions to end: nobody knows when, so a client tries now and then. */
const FULL_RETRY_MS = 5_000;

export const tooManySubscriptions = ({ subscriptionsPerViewer }: OperationLimits): PublicError =>
  tooOften(
    'TOO_MANY_SUBSCRIPTIONS',
    `There may not be more than ${subscriptionsPerViewer} subscriptions of one viewer (limits.subscriptionsPerViewer). Complete some first.`,
    FULL_RETRY_MS,
  );

export function tooCostly(cost: number, allowed: number, key: 'cost' | 'eventCost'): PublicError {
  const what = key === 'cost' ? 'The answer' : 'The answer to one event';
  return limitError(
    'OPERATION_TOO_COSTLY',
    `${what} could hold ${cost} fields with the boxes and devices that the gateway lists now; allowed: ${allowed} (limits.${key}). Ask for fewer fields, for shorter lists, or for a smaller page.`,
  );
}

/**
 * The lists of an answer to one event, which is made at once: they may have grown since their
 * subscription was priced.
 *
 * @returns throws {PublicError} OPERATION_TOO_COSTLY beyond so many items in all.
 */
export function boundedList(allowed: number): <Item>(items: readonly Item[]) => readonly Item[] {
  let found = 0;
  return (items) => {
    found += items.length;
    if (found > allowed) throw tooCostly(found, allowed, 'eventCost');
    return items;
  };
}
