import { fieldsOf } from './execution-result.ts';

/** What it takes of an event to resume behind it, and to lose none of its gaps. */
export interface JournalEvent {
  readonly id: string;
  readonly cursor: string;
  /** Empty when they are not selected. */
  readonly gapsBefore: readonly unknown[];
}

/** Undefined when the result has no `recognitionEvents { id cursor }`. */
export function readEvent(data: object): JournalEvent | undefined {
  const { recognitionEvents } = fieldsOf(data);
  const { id, cursor, gapsBefore } = fieldsOf(recognitionEvents);
  return typeof id === 'string' && typeof cursor === 'string'
    ? { id, cursor, gapsBefore: Array.isArray(gapsBefore) ? gapsBefore : [] }
    : undefined;
}

/** The result with these gaps instead of its own. */
export function withGaps(data: object, gapsBefore: readonly unknown[]): object {
  const { recognitionEvents } = fieldsOf(data);
  return { ...data, recognitionEvents: { ...fieldsOf(recognitionEvents), gapsBefore } };
}
