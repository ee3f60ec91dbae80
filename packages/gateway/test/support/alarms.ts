import { GatewayError } from '../../src/errors.ts';
import type { Alarm } from '../../src/journal/alarm/alarm.ts';
import { type AlarmId, newAlarmId, type RuleMatch } from '../../src/journal/alarm/alarm.ts';
import type { AlarmAct } from '../../src/journal/alarm/alarm-act.ts';
import type { Journal, JournalEntry } from '../../src/journal/journal.ts';
import { recognition } from './recognitions.ts';

export const ruleMatch = (given: Partial<RuleMatch> = {}): RuleMatch => ({
  rule: 'watched',
  title: 'Watched person',
  severity: 'HIGH',
  cooldownMs: 1_000,
  alarm: newAlarmId(),
  ...given,
});

/** An event that meets rules: one, unless it is said otherwise. */
export const watchedEntry = (
  given: Parameters<typeof recognition>[0] = {},
  ...matches: readonly RuleMatch[]
): JournalEntry => ({
  kind: 'event',
  event: recognition(given),
  matches: matches.length > 0 ? matches : [ruleMatch()],
});

let acts = 0;

/** An act with a key of its own. */
export const actEntry = (
  alarm: AlarmId,
  action: AlarmAct['action'],
  given: Partial<AlarmAct> = {},
): JournalEntry => {
  acts += 1;
  return {
    kind: 'act',
    act: { alarm, action, key: `key-${acts}`, by: 'desk', at: acts, ...given },
  };
};

/** What became of an entry: `applied`, `repeated` or the code of the error. */
export async function outcomeOf(journal: Journal, entry: JournalEntry): Promise<string> {
  try {
    return (await journal.append(entry)).isDuplicate ? 'repeated' : 'applied';
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

/** The newest first. */
export const alarmsOf = async (journal: Journal): Promise<readonly Alarm[]> =>
  (await journal.alarms({ filter: {}, order: 'opened', count: 100 })).alarms;
