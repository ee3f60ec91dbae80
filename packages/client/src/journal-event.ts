import { fieldsOf } from './execution-result.ts';

/** What it takes of an event or an alarm to resume behind it, and to lose none of its gaps. */
export interface JournalEvent {
  /** No two have the same. */
  readonly id: string;
  readonly cursor: string;
  /** Empty when they are not selected. */
  readonly gapsBefore: readonly unknown[];
}

/** Undefined when the result has neither `recognitionEvents { id cursor }` nor the same of `alarms`. */
export function readEvent(data: object): JournalEvent | undefined {
  const { recognitionEvents, alarms } = fieldsOf(data);
  const { id, cursor, gapsBefore } = fieldsOf(recognitionEvents ?? alarms);
  if (typeof id !== 'string' || typeof cursor !== 'string') return undefined;
  return {
    // An alarm comes again with each change.
    id: alarms === undefined ? id : `${id} ${cursor}`,
    cursor,
    gapsBefore: Array.isArray(gapsBefore) ? gapsBefore : [],
  };
}

/** The result with these gaps instead of its own. */
export function withGaps(data: object, gapsBefore: readonly unknown[]): object {
  const { recognitionEvents } = fieldsOf(data);
  return { ...data, recognitionEvents: { ...fieldsOf(recognitionEvents), gapsBefore } };
}
