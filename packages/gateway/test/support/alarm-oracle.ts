import { isDeepStrictEqual } from 'node:util';
import type { AlarmId, AlarmState, RuleMatch } from '../../src/journal/alarm/alarm.ts';
import type { AlarmAct } from '../../src/journal/alarm/alarm-act.ts';
import type { JournalEntry } from '../../src/journal/journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';

/** An alarm, said as plainly as can be: its events, and the acts that were applied. */
export interface OracleAlarm {
  readonly id: AlarmId;
  readonly rule: string;
  readonly events: Recognition[];
  readonly acts: AlarmAct[];
}

const who = ({ siteId, boxId, deviceId, personType, identityId }: Recognition) => [
  ...[siteId, boxId, deviceId, personType],
  personType === 'STRANGER' ? '' : identityId,
];

const has = ({ acts }: OracleAlarm, action: AlarmAct['action']): boolean =>
  acts.some((act) => act.action === action);

export function oracleState(alarm: OracleAlarm): AlarmState {
  if (has(alarm, 'CLOSE')) return 'CLOSED';
  return has(alarm, 'ACKNOWLEDGE') ? 'ACKNOWLEDGED' : 'OPEN';
}

/** The alarms that come of entries in this order, and what becomes of each entry. */
export function oracleOf(entries: readonly JournalEntry[]) {
  const alarms: OracleAlarm[] = [];
  const outcomes = entries.map((entry): string => {
    if (entry.kind === 'act') return actOn(alarms, entry.act);
    if (entry.kind === 'event') {
      for (const match of entry.matches ?? []) meet(alarms, match, entry.event);
    }
    return 'applied';
  });
  return { alarms, outcomes };
}

function meet(alarms: OracleAlarm[], match: RuleMatch, event: Recognition): void {
  const { rule, cooldownMs, alarm: id } = match;
  const own = alarms.findLast((alarm) => {
    const [first = event, ...others] = alarm.events;
    const last = Math.max(first.occurredAt, ...others.map(({ occurredAt }) => occurredAt));
    return (
      alarm.rule === rule &&
      oracleState(alarm) !== 'CLOSED' &&
      isDeepStrictEqual(who(first), who(event)) &&
      event.occurredAt >= first.occurredAt - cooldownMs &&
      event.occurredAt <= last + cooldownMs
    );
  });
  if (own) own.events.push(event);
  else alarms.push({ id, rule, events: [event], acts: [] });
}

function actOn(alarms: readonly OracleAlarm[], act: AlarmAct): string {
  const alarm = alarms.find(({ id }) => id === act.alarm);
  if (!alarm) return 'ALARM_NOT_FOUND';
  const isThere = alarm.acts.some(
    ({ action, key, by }) => action === act.action && key === act.key && by === act.by,
  );
  if (isThere) return 'repeated';
  if (act.action !== 'NOTE') {
    if (has(alarm, 'CLOSE')) return 'ALARM_CLOSED';
    if (has(alarm, act.action)) return 'ALARM_ACKNOWLEDGED';
  }
  alarm.acts.push(act);
  return 'applied';
}
