import type { AlarmId } from '../alarm/alarm.ts';
import { type ActRefusal, refusalError } from '../alarm/alarm-act.ts';
import type { AppendedRecord, JournalEntry, JournalRecord, Position } from '../journal.ts';

/** What became of an entry. A position alone is that of its new record. */
export type Appended =
  | Position
  /** Its record changed alarms. */
  | { readonly became: 'change'; readonly position: Position; readonly alarms: readonly AlarmId[] }
  /** The record was there before. */
  | { readonly became: 'duplicate'; readonly record: JournalRecord }
  | { readonly became: 'refusal'; readonly code: ActRefusal }
  /** It can't be a row, for this reason. */
  | { readonly became: 'nothing'; readonly reason: string };

const UNKNOWN: Appended = { became: 'nothing', reason: 'the writer said nothing of it' };

/** The record of an entry, or why there is none. */
export function recordOf(entry: JournalEntry, appended = UNKNOWN): AppendedRecord | Error {
  if (typeof appended === 'number') return { ...entry, position: appended };
  switch (appended.became) {
    case 'change':
      return { ...entry, position: appended.position, alarms: appended.alarms };
    case 'duplicate':
      return { ...appended.record, isDuplicate: true };
    case 'refusal':
      return refusalError(appended.code);
    case 'nothing':
      return new TypeError(`the journal can't keep an entry: ${appended.reason}`);
  }
}
