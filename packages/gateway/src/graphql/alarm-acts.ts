import type { Caller } from '../access/caller.ts';
import type { Audit } from '../audit/audit.ts';
import { GatewayError } from '../errors.ts';
import { type AlarmView, asQueried } from '../fanout/alarm-view.ts';
import { refusalError } from '../journal/alarm/alarm-act.ts';
import type { Journal } from '../journal/journal.ts';
import type { AlarmAnswer } from '../schema/context.ts';

export interface AlarmActsServices {
  readonly journal: Pick<Journal, 'append' | 'alarm'>;
  readonly audit: Audit;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
}

/** Does to alarms what viewers may do to those that they see, and writes down who did it. */
export class AlarmActs {
  readonly #services: AlarmActsServices;

  constructor(services: AlarmActsServices) {
    this.#services = services;
  }

  /**
   * Resolves to the alarm as it is afterwards, once the act is as durable as an event is.
   *
   * @throws {GatewayError} NOT_ALLOWED to a viewer without `answer`; ALARM_NOT_FOUND also of an alarm
   *   that the viewer may not see; what the journal refuses.
   */
  async answer(caller: Caller, answer: AlarmAnswer): Promise<AlarmView> {
    const { journal, audit, now } = this.#services;
    const { name, permissionClass, rights } = caller.viewer;
    if (!rights.answer) {
      audit.permissionRefused(caller, 'NOT_ALLOWED');
      throw new GatewayError(
        'NOT_ALLOWED',
        'No role of this credential may answer alarms: it needs one with answer: true.',
      );
    }
    const { alarm: id } = answer;
    const before = await journal.alarm(id);
    if (!before || !permissionClass.remembers(before.subject, now())) {
      throw refusalError('ALARM_NOT_FOUND');
    }
    const act = { ...answer, by: name, at: now() };
    const { isDuplicate } = await journal.append({ kind: 'act', act });
    // Also of one that was applied before: the answer to it, and with it its line, may have been lost.
    audit.alarmAnswered(caller, { alarm: id, action: answer.action, isRepeated: isDuplicate });
    const after = await journal.alarm(id);
    if (!after) throw refusalError('ALARM_NOT_FOUND');
    return asQueried(after);
  }
}
