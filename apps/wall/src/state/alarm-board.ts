import type { Alarm, Severity } from '@se5/client';

/** The most alarms of each state that the page holds. The least urgent go first. */
export const maxAlarms = { OPEN: 500, ACKNOWLEDGED: 200, CLOSED: 50 } as const;

/** The alarms of the gateway by their state, as the wall lists them. */
export interface AlarmBoard {
  /** False until the gateway has told. */
  readonly isKnown: boolean;
  /** The most severe first, then the newest. */
  readonly open: readonly Alarm[];
  /** In the same order. */
  readonly acknowledged: readonly Alarm[];
  /** The one that was closed last first. */
  readonly closed: readonly Alarm[];
}

export const emptyBoard: AlarmBoard = { isKnown: false, open: [], acknowledged: [], closed: [] };

/** Whether the gateway has told of an alarm, so that it has watch rules or had some. */
export const hasAlarms = ({ open, acknowledged, closed }: AlarmBoard): boolean =>
  open.length + acknowledged.length + closed.length > 0;

/** The board with the latest states of these alarms; of two states of one alarm, the later counts. */
export function withAlarms(board: AlarmBoard, changed: readonly Alarm[]): AlarmBoard {
  const latest = new Map([...allOf(board), ...changed].map((alarm) => [alarm.id, alarm]));
  const ofState = (state: Alarm['state'], order: (a: Alarm, b: Alarm) => number) =>
    [...latest.values()]
      .filter((alarm) => alarm.state === state)
      .toSorted(order)
      .slice(0, maxAlarms[state]);
  return {
    isKnown: true,
    open: ofState('OPEN', byUrgency),
    acknowledged: ofState('ACKNOWLEDGED', byUrgency),
    closed: ofState('CLOSED', byClosing),
  };
}

/** The board without an alarm that the gateway has no more. */
export function withoutAlarm(board: AlarmBoard, id: string): AlarmBoard {
  const others = (alarms: readonly Alarm[]) => alarms.filter((alarm) => alarm.id !== id);
  return {
    ...board,
    open: others(board.open),
    acknowledged: others(board.acknowledged),
    closed: others(board.closed),
  };
}

/** The alarms where they lay on a board that was shown, each as it is now. */
export function arrangedAs(shown: AlarmBoard, now: AlarmBoard): AlarmBoard {
  const latest = new Map(allOf(now).map((alarm) => [alarm.id, alarm]));
  const asNow = (alarms: readonly Alarm[]) => alarms.map((each) => latest.get(each.id) ?? each);
  return {
    ...now,
    open: asNow(shown.open),
    acknowledged: asNow(shown.acknowledged),
    closed: asNow(shown.closed),
  };
}

/** How many alarms are open that are not on a board that was shown. */
export function countNew(shown: AlarmBoard, { open }: AlarmBoard): number {
  const known = new Set(allOf(shown).map(({ id }) => id));
  return open.filter(({ id }) => !known.has(id)).length;
}

const allOf = ({ open, acknowledged, closed }: AlarmBoard): readonly Alarm[] => [
  ...open,
  ...acknowledged,
  ...closed,
];

/** Whether an alarm has opened between these two boards. */
export function hasOpened(before: AlarmBoard, { open }: AlarmBoard): boolean {
  const known = new Set(before.open.map(({ id }) => id));
  return before.isKnown && open.some(({ id }) => !known.has(id));
}

/**
 * How many alarms are open: `3`, or `500+` where the page does not hold them all.
 *
 * @param number says a number in the language of the page.
 */
export const openCount = ({ open }: AlarmBoard, number: (count: number) => string): string =>
  open.length < maxAlarms.OPEN ? number(open.length) : `${number(maxAlarms.OPEN)}+`;

const ranks = { CRITICAL: 0, HIGH: 1, MEDIUM: 2, LOW: 3 } as const satisfies Record<
  Severity,
  number
>;

const byUrgency = (a: Alarm, b: Alarm): number =>
  ranks[a.severity] - ranks[b.severity] || compare(b.openedAt, a.openedAt) || compare(a.id, b.id);

const byClosing = (a: Alarm, b: Alarm): number =>
  compare(b.closedAt ?? '', a.closedAt ?? '') || compare(a.id, b.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
