import { randomBytes } from 'node:crypto';
import type { Severity } from '../../config/watch.ts';
import { isOfPerson } from '../../privacy/keyring.ts';
import type { Position } from '../journal.ts';
import type { Recognition } from '../recognition.ts';

declare const alarmId: unique symbol;
/** Random: proposed by the match of the event that may open the alarm. */
export type AlarmId = string & { readonly [alarmId]: true };

/** 120 random bits, in base64url. */
export const newAlarmId = (): AlarmId => randomBytes(15).toString('base64url') as AlarmId;

export const ALARM_STATES = ['OPEN', 'ACKNOWLEDGED', 'CLOSED'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** An event met a watch rule: it extends an alarm, or opens one. */
export interface RuleMatch {
  /** The id of the rule. */
  readonly rule: string;
  /** Of the alarm, should it open. */
  readonly title: string;
  readonly severity: Severity;
  /** So long after its last event an alarm is extended, by `occurredAt`, in ms. */
  readonly cooldownMs: number;
  /** The id of the alarm, should it open. */
  readonly alarm: AlarmId;
}

/** Where and of whom an alarm is: of the event that opened it. */
export type AlarmSubject = Pick<
  Recognition,
  | 'siteId'
  | 'boxId'
  | 'deviceId'
  | 'personType'
  | 'identityId'
  | 'identityName'
  | 'groupName'
  | 'receivedAt'
>;

/** An act of somebody that was applied. */
export interface AlarmMark {
  /** The viewer's name. */
  readonly by: string;
  /** By the gateway's clock, ms since the Unix epoch. */
  readonly at: number;
  /** The client's idempotency key. */
  readonly key: string;
  /** Of the act's record. */
  readonly position: Position;
}

export interface AlarmNote extends AlarmMark {
  readonly text: string | undefined;
  /** Who was assigned with it. */
  readonly assignee: string | undefined;
}

/**
 * What an alarm is follows from the order of the journal alone. It is kept as long as the event
 * that opened it. Times are in ms since the Unix epoch.
 */
export interface Alarm {
  readonly id: AlarmId;
  /** The id of the rule; it may be configured no more. */
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: AlarmState;
  readonly subject: AlarmSubject;
  /** `occurredAt` of the event that opened it. */
  readonly openedAt: number;
  /** The latest `occurredAt` of its events. */
  readonly lastEventAt: number;
  /** How many events it has had; it does not shrink when some of them are erased. */
  readonly eventCount: number;
  readonly assignee: string | undefined;
  readonly acknowledged: AlarmMark | undefined;
  readonly closed: AlarmMark | undefined;
  /** Oldest first: at most `MAX_ALARM_NOTES`, and those of acknowledging and closing. */
  readonly notes: readonly AlarmNote[];
  /** Of the event that opened it. */
  readonly opened: Position;
  /** Of the newest of its events in the journal. */
  readonly lastEvent: Position;
  /** Of the newest record that changed it. */
  readonly changed: Position;
}

export const openAlarm = (
  id: AlarmId,
  { rule, title, severity }: RuleMatch,
  event: Recognition,
  position: Position,
): Alarm => ({
  ...{ id, rule, title, severity },
  state: 'OPEN',
  subject: subjectOf(event),
  openedAt: event.occurredAt,
  lastEventAt: event.occurredAt,
  eventCount: 1,
  assignee: undefined,
  acknowledged: undefined,
  closed: undefined,
  notes: [],
  ...{ opened: position, lastEvent: position, changed: position },
});

export const subjectOf = ({
  siteId,
  boxId,
  deviceId,
  personType,
  identityId,
  identityName,
  groupName,
  receivedAt,
}: AlarmSubject): AlarmSubject => ({
  ...{ siteId, boxId, deviceId, personType },
  ...{ identityId, identityName, groupName, receivedAt },
});

/**
 * Whether the event extends the alarm instead of opening another: it is not closed, and was opened
 * by the same rule for the same person at the same device, not long ago. All strangers at a device
 * are one. An event that is read back late may lie before the alarm's last one.
 */
export const isExtendedBy = (alarm: Alarm, match: RuleMatch, event: Recognition): boolean =>
  alarm.state !== 'CLOSED' &&
  alarm.rule === match.rule &&
  subjectKey(alarm.subject) === subjectKey(event) &&
  event.occurredAt >= alarm.openedAt - match.cooldownMs &&
  event.occurredAt <= alarm.lastEventAt + match.cooldownMs;

/** Equal for events that may belong to one alarm of a rule. */
export const subjectKey = (
  subject: Pick<AlarmSubject, 'siteId' | 'boxId' | 'deviceId' | 'personType' | 'identityId'>,
): string => {
  const { siteId, boxId, deviceId, personType, identityId } = subject;
  const person = isOfPerson(subject) ? identityId : '';
  return JSON.stringify([siteId, boxId, deviceId, personType, person]);
};

export const extendAlarm = (alarm: Alarm, event: Recognition, position: Position): Alarm => ({
  ...alarm,
  eventCount: alarm.eventCount + 1,
  lastEventAt: Math.max(alarm.lastEventAt, event.occurredAt),
  lastEvent: position,
  changed: position,
});
