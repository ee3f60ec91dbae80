import type { Alarm } from '../journal/alarm/alarm.ts';
import type { Position } from '../journal/journal.ts';

/** One alarm as it is shown to one viewer. */
export interface AlarmView {
  readonly alarm: Alarm;
  /** Whoever follows alarms from here on has had this state of it. */
  readonly position: Position;
  /**
   * When the viewer began to follow, in ms since the Unix epoch: what came since is no history.
   * Undefined in the answer to a query.
   */
  readonly begun?: number;
}

/** An alarm in the answer to a query. */
export const asQueried = (alarm: Alarm): AlarmView => ({ alarm, position: alarm.changed });
