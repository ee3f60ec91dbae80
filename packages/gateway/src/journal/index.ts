/** The journal by itself, for tools that fill or measure one. A gateway must not be running on it. */
export type { EventFilter } from './filter.ts';
export type { HistoryQuery, Journal } from './journal.ts';
export { openJournal } from './open-journal.ts';
export type { EventId, Recognition } from './recognition.ts';
