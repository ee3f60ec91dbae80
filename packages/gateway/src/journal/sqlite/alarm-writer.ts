import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Keyring, SealingKey } from '../../privacy/keyring.ts';
import { type AlarmId, openAlarm, type RuleMatch } from '../alarm/alarm.ts';
import { type AlarmAct, type Judgement, judgeAct } from '../alarm/alarm-act.ts';
import type { Position } from '../journal.ts';
import type { Recognition } from '../recognition.ts';
import {
  ALARM_SELECT,
  IS_UNCLOSED,
  sealedByOf,
  sealedContent,
  severityNumber,
  stateNumber,
  toAlarm,
} from './alarm-rows.ts';
import { IS_STAYING } from './leaving.ts';
import { personTypeNumber } from './rows.ts';

/** An event that is a row now, and what was found for that. */
export interface WrittenEvent {
  readonly event: Recognition;
  readonly position: Position;
  readonly key: SealingKey;
  /** The number of its source. */
  readonly source: number;
}

/** Writes the alarms of the file, within the transaction that is open. */
export class AlarmWriter {
  readonly #keyring: Keyring;
  readonly #candidate: StatementSync;
  readonly #byId: StatementSync;
  readonly #numberOf: StatementSync;
  readonly #removeHidden: StatementSync;
  readonly #insert: StatementSync;
  readonly #extend: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #change: StatementSync;

  constructor(database: DatabaseSync, keyring: Keyring) {
    this.#keyring = keyring;
    const opening = `FROM alarm CROSS JOIN event ON event.position = alarm.opened WHERE ${IS_STAYING}`;
    // `isExtendedBy`, for SQLite. The index finds those of a subject that are recent enough.
    this.#candidate = database.prepare(`
      SELECT alarm.id ${opening}
        AND alarm.rule = ? AND alarm.source = ? AND alarm.person = ? AND alarm.last_event_at >= ?
        AND event.occurred_at <= ? AND event.person_type = ? AND ${IS_UNCLOSED}
      ORDER BY +alarm.number DESC LIMIT 1`);
    this.#numberOf = database.prepare(`SELECT alarm.number ${opening} AND alarm.id = ?`);
    this.#byId = database.prepare(`${ALARM_SELECT} AND alarm.id = ?`);
    this.#removeHidden = database.prepare('DELETE FROM alarm WHERE id = ?');
    this.#insert = database.prepare(`
      INSERT INTO alarm (id, rule, severity, state, opened, changed, last_event, last_event_at,
        events, source, person, sealed)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, 1, ?7, ?8, ?9) RETURNING number`);
    this.#extend = database.prepare(`
      UPDATE alarm SET events = events + 1, last_event_at = max(last_event_at, ?1),
        last_event = ?2, changed = ?2
      WHERE number = ?3`);
    // Two matches of one event may be of one alarm.
    this.#addEvent = database.prepare('INSERT OR IGNORE INTO alarm_event VALUES (?, ?)');
    this.#change = database.prepare(
      'UPDATE alarm SET state = ?, changed = ?, sealed = ? WHERE id = ?',
    );
  }

  /**
   * @param judged The alarm of each match where that is known: the journal in memory has judged
   *   what comes into the file behind it. Default: found here.
   * @returns the alarm of each match.
   */
  extend(
    written: WrittenEvent,
    matches: readonly RuleMatch[],
    judged: readonly AlarmId[] = [],
  ): AlarmId[] {
    return matches.map((match, index) => {
      const id = judged[index] ?? this.#alarmFor(written, match);
      const { event, position } = written;
      const there = this.#numberOf.get(id)?.['number'];
      const number = there === undefined ? this.#open(id, match, written) : Number(there);
      if (there !== undefined) this.#extend.run(event.occurredAt, position, number);
      this.#addEvent.run(number, position);
      return id;
    });
  }

  /** Judges an act, and applies it. */
  act(act: AlarmAct, position: Position): Judgement {
    const row = this.#byId.get(act.alarm);
    const alarm = row && toAlarm(row, this.#keyring);
    const judgement = judgeAct(alarm, act, position);
    const key = row && this.#keyring.openingKey(sealedByOf(row));
    if (judgement.verdict === 'applied' && key) {
      const { id, state, changed } = judgement.alarm;
      this.#change.run(stateNumber(state), changed, sealedContent(key, judgement.alarm), id);
    }
    return judgement;
  }

  #alarmFor({ event, key, source }: WrittenEvent, { rule, cooldownMs, alarm }: RuleMatch): AlarmId {
    const { occurredAt, personType } = event;
    const [earliest, latest] = [occurredAt - cooldownMs, occurredAt + cooldownMs];
    const type = personTypeNumber(personType);
    const found = this.#candidate.get(rule, source, key.person, earliest, latest, type);
    return found ? (found['id'] as AlarmId) : alarm;
  }

  #open(id: AlarmId, match: RuleMatch, { event, position, key, source }: WrittenEvent): number {
    // Of an event that was erased, whose row waits to be deleted.
    this.#removeHidden.run(id);
    const alarm = openAlarm(id, match, event, position);
    const row = this.#insert.get(
      ...[id, alarm.rule, severityNumber(alarm.severity), stateNumber(alarm.state)],
      ...[position, alarm.lastEventAt, source, key.person, sealedContent(key.key, alarm)],
    );
    return Number(row?.['number']);
  }
}
