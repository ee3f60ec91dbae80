import type { JournalRecord } from './journal.ts';
import type { Recognition } from './recognition.ts';

/**
 * How much of each event is read. `plain`: without `identityInfo` and `extra`, which may be long
 * and are rarely asked for. A journal may give more than was asked for.
 */
export type Detail = 'full' | 'plain';

/** What a plain event has in place of the rest: an error, so that nobody takes it for empty. */
const UNREAD = {
  get identityInfo(): never {
    throw notRead('identityInfo');
  },
  get extra(): never {
    throw notRead('extra');
  },
};

const notRead = (field: string) =>
  new TypeError(`${field} was not read: ask the journal for the detail full`);

/** Of records that were read without the rest: asking for it throws from now on. */
export function closeRest(records: readonly JournalRecord[]): void {
  for (const record of records) {
    if (record.kind === 'event') Object.setPrototypeOf(record.event, UNREAD);
  }
}

export const isPlain = (event: Recognition): boolean => Object.getPrototypeOf(event) === UNREAD;
