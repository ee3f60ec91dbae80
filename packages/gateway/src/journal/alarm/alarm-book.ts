import type { Position } from '../journal.ts';
import type { Recognition } from '../recognition.ts';
import {
  type Alarm,
  type AlarmId,
  extendAlarm,
  isExtendedBy,
  openAlarm,
  type RuleMatch,
  subjectKey,
} from './alarm.ts';
import { type AlarmAct, type Judgement, judgeAct } from './alarm-act.ts';
import { type AlarmPage, type AlarmQuery, compileAlarmFilter, placeOf } from './alarm-query.ts';

interface Held {
  alarm: Alarm;
  /** The positions of its events. */
  readonly events: Set<number>;
}

/**
 * The alarms of a journal in memory. It has no more than the journal has events: an alarm goes with
 * the event that opened it.
 */
export class AlarmBook {
  /** In the order of opening. */
  readonly #alarms = new Map<AlarmId, Held>();
  /** Those that may be extended, by rule and subject. */
  readonly #open = new Map<string, Set<AlarmId>>();
  readonly #openedBy = new Map<number, readonly AlarmId[]>();

  /** The event stands at the position now. Returns the alarm of each match. */
  extend(event: Recognition, matches: readonly RuleMatch[], position: Position): AlarmId[] {
    return matches.map((match) => {
      const id = this.#alarmFor(event, match);
      const held = this.#alarms.get(id);
      if (held) {
        held.alarm = extendAlarm(held.alarm, event, position);
        held.events.add(position);
      } else {
        this.#add(openAlarm(id, match, event, position));
      }
      return id;
    });
  }

  judge(act: AlarmAct, position: Position): Judgement {
    return judgeAct(this.#alarms.get(act.alarm)?.alarm, act, position);
  }

  /** Replaces an alarm by what an act made of it. */
  put(alarm: Alarm): void {
    const held = this.#alarms.get(alarm.id);
    if (held) held.alarm = alarm;
    if (alarm.state === 'CLOSED') this.#close(alarm);
  }

  find(id: AlarmId): Alarm | undefined {
    return this.#alarms.get(id)?.alarm;
  }

  /** The positions of its events; none of an alarm that is not there. */
  eventsOf(id: AlarmId): ReadonlySet<number> {
    return this.#alarms.get(id)?.events ?? NONE;
  }

  page(query: AlarmQuery, newest: Position): AlarmPage {
    const { filter, order, after = 0, before = Infinity, count } = query;
    const isMeant = compileAlarmFilter(filter);
    const place = (alarm: Alarm) => placeOf(alarm, query);
    const matching = [...this.#alarms.values()]
      .map(({ alarm }) => alarm)
      .filter((alarm) => place(alarm) > after && place(alarm) < before && isMeant(alarm));
    const found =
      order === 'opened'
        ? matching.toReversed()
        : matching.toSorted((a, b) => a.changed - b.changed);
    const last = found[count - 1];
    const end = last ? found.findLastIndex((alarm) => place(alarm) === place(last)) + 1 : Infinity;
    return { alarms: found.slice(0, end), isMore: end < found.length, newest };
  }

  /** The event at the position is gone, and so are the alarms that it opened. */
  forget(position: number): void {
    for (const id of this.#openedBy.get(position) ?? []) {
      const held = this.#alarms.get(id);
      this.#alarms.delete(id);
      if (held) this.#close(held.alarm);
    }
    this.#openedBy.delete(position);
  }

  /** Of several that the event may extend, the one that was opened last. */
  #alarmFor(event: Recognition, match: RuleMatch): AlarmId {
    const candidates = this.#open.get(keyOf(match.rule, event)) ?? [];
    const found = [...candidates].findLast((id) => {
      const alarm = this.find(id);
      return alarm && isExtendedBy(alarm, match, event);
    });
    return found ?? match.alarm;
  }

  #add(alarm: Alarm): void {
    const { id, opened } = alarm;
    this.#alarms.set(id, { alarm, events: new Set([opened]) });
    this.#openedBy.set(opened, [...(this.#openedBy.get(opened) ?? []), id]);
    const key = keyOf(alarm.rule, alarm.subject);
    this.#open.set(key, (this.#open.get(key) ?? new Set()).add(id));
  }

  #close({ id, rule, subject }: Alarm): void {
    const key = keyOf(rule, subject);
    const open = this.#open.get(key);
    open?.delete(id);
    if (open?.size === 0) this.#open.delete(key);
  }
}

const keyOf = (rule: string, subject: Parameters<typeof subjectKey>[0]): string =>
  `${rule} ${subjectKey(subject)}`;

const NONE: ReadonlySet<number> = new Set();
