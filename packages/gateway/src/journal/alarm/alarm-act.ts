import { GatewayError } from '../../errors.ts';
import type { Position } from '../journal.ts';
import type { Alarm, AlarmId, AlarmMark, AlarmNote } from './alarm.ts';

/** What somebody does to an alarm. */
export interface AlarmAct {
  readonly alarm: AlarmId;
  /** A `NOTE` may be put on an alarm that is closed too. */
  readonly action: 'ACKNOWLEDGE' | 'CLOSE' | 'NOTE';
  /** The client's idempotency key: the same act of the same viewer is applied once. */
  readonly key: string;
  /** The viewer's name. */
  readonly by: string;
  /** By the gateway's clock, ms since the Unix epoch. */
  readonly at: number;
  /** Replaces who is assigned. Default: nothing changes. */
  readonly assignee?: string;
  /** Becomes a note. Whoever takes the act bounds its length. */
  readonly text?: string;
}

/** Notes of an alarm beside those of acknowledging and closing, which always have room. */
export const MAX_ALARM_NOTES = 100;

export type ActRefusal = keyof typeof REFUSALS;

export type Judgement =
  | { readonly verdict: 'applied'; readonly alarm: Alarm }
  /** The act was applied before, at this position. */
  | { readonly verdict: 'repeated'; readonly position: Position }
  | { readonly verdict: 'refused'; readonly code: ActRefusal };

/**
 * What an act does to an alarm: the first in the order of the journal wins.
 *
 * @param alarm Undefined when there is none with this id.
 * @param position At which the act would stand.
 */
export function judgeAct(alarm: Alarm | undefined, act: AlarmAct, position: Position): Judgement {
  if (!alarm) return refused('ALARM_NOT_FOUND');
  const before = earlierOf(alarm, act);
  if (before) return { verdict: 'repeated', position: before.position };
  const { key, by, at, text, assignee } = act;
  const mark: AlarmMark = { by, at, key, position };
  const changes = {
    changed: position,
    assignee: assignee ?? alarm.assignee,
    notes: [...alarm.notes, { ...mark, text, assignee }],
  };
  const applied = (marks: Partial<Alarm>): Judgement => ({
    verdict: 'applied',
    alarm: { ...alarm, ...changes, ...marks },
  });
  const notes = text === undefined ? alarm.notes : changes.notes;
  switch (act.action) {
    case 'ACKNOWLEDGE':
      if (alarm.state === 'CLOSED') return refused('ALARM_CLOSED');
      if (alarm.state === 'ACKNOWLEDGED') return refused('ALARM_ACKNOWLEDGED');
      return applied({ state: 'ACKNOWLEDGED', acknowledged: mark, notes });
    case 'CLOSE':
      if (alarm.state === 'CLOSED') return refused('ALARM_CLOSED');
      return applied({ state: 'CLOSED', closed: mark, notes });
    case 'NOTE':
      return isFull(alarm) ? refused('ALARM_FULL') : applied({});
  }
}

/** The same act, if it was applied before. */
function earlierOf(alarm: Alarm, { action, key, by }: AlarmAct): AlarmMark | undefined {
  const isSame = (mark: AlarmMark | undefined) => mark?.key === key && mark.by === by;
  switch (action) {
    case 'ACKNOWLEDGE':
      return isSame(alarm.acknowledged) ? alarm.acknowledged : undefined;
    case 'CLOSE':
      return isSame(alarm.closed) ? alarm.closed : undefined;
    case 'NOTE':
      return ownNotes(alarm).find(isSame);
  }
}

const isFull = (alarm: Alarm): boolean => ownNotes(alarm).length >= MAX_ALARM_NOTES;

/** Without those of acknowledging and closing. */
const ownNotes = ({ notes, acknowledged, closed }: Alarm): AlarmNote[] =>
  notes.filter(
    ({ position }) => position !== acknowledged?.position && position !== closed?.position,
  );

const refused = (code: ActRefusal): Judgement => ({ verdict: 'refused', code });

const REFUSALS = {
  ALARM_NOT_FOUND: 'No alarm has this id: the event that opened it may be gone.',
  ALARM_ACKNOWLEDGED: 'Somebody was faster: the alarm is acknowledged already.',
  ALARM_CLOSED: 'The alarm is closed already: only notes can be added.',
  ALARM_FULL: `The alarm has ${MAX_ALARM_NOTES} notes, which is the most allowed.`,
} as const;

export const refusalError = (code: ActRefusal): GatewayError =>
  new GatewayError(code, REFUSALS[code]);
