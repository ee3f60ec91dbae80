import type { Severity } from '../../config/watch.ts';
import { compileScope, type EventPlace, type EventScope, oneOf, withinOneOf } from '../filter.ts';
import type { Position } from '../journal.ts';
import type { Alarm, AlarmState } from './alarm.ts';

/** Which alarms: a list that is undefined means any, an empty one none. */
export interface AlarmFilter
  extends Pick<EventScope, 'siteIds' | 'boxIds' | 'deviceIds' | 'personTypes'> {
  readonly states?: readonly AlarmState[];
  readonly severities?: readonly Severity[];
  /** Ids of rules. */
  readonly rules?: readonly string[];
  /** Beside all else, the event that opened the alarm must be within one of these. */
  readonly scopes?: readonly EventScope[];
}

export interface AlarmQuery {
  readonly filter: AlarmFilter;
  /**
   * `opened`: the newest first, for pages. `changed`: in the order in which they changed last, for
   * whoever follows them.
   */
  readonly order: 'opened' | 'changed';
  /** Exclusive bounds of the position by which is ordered. */
  readonly after?: Position;
  readonly before?: Position;
  /**
   * At least 1. A page has more where alarms have one position: those are never parted. It may have
   * fewer where notes are long.
   */
  readonly count: number;
}

export interface AlarmPage {
  readonly alarms: readonly Alarm[];
  /** Whether more match, within the bounds. */
  readonly isMore: boolean;
  /** The newest position when this was read: what changes later comes behind it. */
  readonly newest: Position;
}

/** The position by which alarms are ordered. */
export const placeOf = (alarm: Pick<Alarm, 'opened' | 'changed'>, { order }: AlarmQuery): number =>
  order === 'opened' ? alarm.opened : alarm.changed;

/** What decides whether a filter takes an alarm. */
export interface AlarmTraits extends Pick<Alarm, 'state' | 'severity' | 'rule'> {
  readonly subject: EventPlace;
}

/** The filter as a function; what it costs does not grow with the lists. */
export function compileAlarmFilter(filter: AlarmFilter): (alarm: AlarmTraits) => boolean {
  const isState = oneOf(filter.states);
  const isSeverity = oneOf(filter.severities);
  const isRule = oneOf(filter.rules);
  const isPlace = compileScope(filter);
  const isWithin = withinOneOf(filter.scopes);
  return ({ state, severity, rule, subject }) =>
    isState(state) && isSeverity(severity) && isRule(rule) && isPlace(subject) && isWithin(subject);
}
