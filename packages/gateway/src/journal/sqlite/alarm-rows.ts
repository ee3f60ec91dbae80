import { SEVERITIES, type Severity } from '../../config/watch.ts';
import type { Keyring, SealedBy } from '../../privacy/keyring.ts';
import { opened as openedBytes, seal } from '../../privacy/sealing.ts';
import {
  ALARM_STATES,
  type Alarm,
  type AlarmId,
  type AlarmMark,
  type AlarmState,
  subjectOf,
} from '../alarm/alarm.ts';
import type { AlarmTraits } from '../alarm/alarm-query.ts';
import type { Position } from '../journal.ts';
import { IS_STAYING } from './leaving.ts';
import { PLAIN_EVENT_COLUMNS, personTypeOf, type Row, toEventRecord } from './rows.ts';

/* A state's or a severity's number is its place in its list: add at the end, never reorder. */
export const stateNumber = (state: AlarmState): number => ALARM_STATES.indexOf(state);
export const severityNumber = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** SQL condition, with the number in it: so SQLite knows that an index has these alarms alone. */
export const IS_UNCLOSED = `alarm.state <> ${stateNumber('CLOSED')}`;

/** Alarms with the events that opened them. Those whose event is gone or erased are not there. */
export const ALARM_SELECT = `
  SELECT event.position, site_id, box_id, device_id,
    ${PLAIN_EVENT_COLUMNS.map((name) => `event.${name}`).join(', ')},
    alarm.number AS alarm_number, alarm.id AS alarm_id, alarm.rule AS alarm_rule,
    alarm.severity AS alarm_severity, alarm.state AS alarm_state, alarm.events AS alarm_events,
    alarm.last_event_at AS alarm_last_event_at, alarm.last_event AS alarm_last_event,
    alarm.changed AS alarm_changed, alarm.sealed AS alarm_sealed
  FROM alarm
  CROSS JOIN event ON event.position = alarm.opened
  CROSS JOIN source ON source.id = event.source
  WHERE ${IS_STAYING}`;

/** What a filter looks at: it opens nothing. */
export const traitsOf = (row: Row): AlarmTraits =>
  ({
    state: ALARM_STATES[Number(row['alarm_state'])],
    severity: SEVERITIES[Number(row['alarm_severity'])],
    rule: row['alarm_rule'],
    subject: {
      siteId: row['site_id'],
      boxId: row['box_id'],
      deviceId: row['device_id'],
      personType: personTypeOf(Number(row['person_type'])),
      receivedAt: row['received_at'],
    },
  }) as AlarmTraits;

/** What of an alarm is sealed: what was configured and written about a person, and who did. */
type Content = Pick<Alarm, 'title' | 'assignee' | 'acknowledged' | 'closed' | 'notes'>;

const FROM_JSON = { assignee: undefined, acknowledged: undefined, closed: undefined };

/** The sealed part of a row. The key is that of the event which opened the alarm. */
export const sealedContent = (key: Parameters<typeof seal>[0], alarm: Alarm): Buffer => {
  const { title, assignee, acknowledged, closed, notes } = alarm;
  const content: Content = { title, assignee, acknowledged, closed, notes };
  return seal(key, JSON.stringify(content));
};

/** What seals a row of `ALARM_SELECT`: the keys of the event that opened the alarm. */
export const sealedByOf = (row: Row): SealedBy => ({
  day: Number(row['day_key']),
  // A stranger has no key.
  person: personTypeOf(Number(row['person_type'])) === 'STRANGER' ? '' : String(row['identity_id']),
});

/**
 * What `ALARM_SELECT` gives, as it was put in; undefined when a key that it was sealed with is
 * forgotten. The file is ours: what it says is believed.
 */
export function toAlarm(row: Row, keyring: Keyring): Alarm | undefined {
  const key = keyring.openingKey(sealedByOf(row));
  const text = key && openedBytes(key, row['alarm_sealed'] as Uint8Array)?.toString();
  const record = toEventRecord(row, keyring);
  if (text === undefined || !record) return undefined;
  const content = JSON.parse(text) as Content;
  return {
    id: row['alarm_id'] as AlarmId,
    ...traitsOf(row),
    subject: subjectOf(record.event),
    openedAt: record.event.occurredAt,
    lastEventAt: Number(row['alarm_last_event_at']),
    eventCount: Number(row['alarm_events']),
    ...FROM_JSON,
    ...content,
    notes: content.notes.map((note: AlarmMark) => ({
      text: undefined,
      assignee: undefined,
      ...note,
    })),
    opened: record.position,
    lastEvent: Number(row['alarm_last_event']) as Position,
    changed: Number(row['alarm_changed']) as Position,
  };
}
