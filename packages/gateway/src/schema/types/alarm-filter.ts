import type { AlarmFilter as JournalFilter } from '../../journal/alarm/alarm-query.ts';
import { builder } from '../builder.ts';
import { AlarmState } from './alarm-state.ts';
import { Severity } from './severity.ts';

export const AlarmFilter = builder.inputType('AlarmFilter', {
  description:
    'Which alarms. An omitted or null member means any, an empty list means none. An ' +
    'alarm must match all members. An unknown id matches nothing and is not an error.',
  fields: (t) => ({
    states: t.field({
      type: [AlarmState],
      description:
        'In one of these states. A subscription with it is not told when an alarm leaves them: ' +
        'leave it out to follow what others do.',
    }),
    severities: t.field({ type: [Severity], description: 'Of one of these severities.' }),
    rules: t.stringList({ description: 'Of one of these watch rules, by id.' }),
    siteIds: t.idList({ description: 'At one of these sites.' }),
    boxIds: t.idList({ description: 'At one of these boxes.' }),
    deviceIds: t.idList({
      description:
        'At one of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it.',
    }),
  }),
});

/** To GraphQL, null and absent are the same "any"; inside, only absent is. */
export function toAlarmFilter(
  input: typeof AlarmFilter.$inferInput | null | undefined,
): JournalFilter {
  const { states, severities, rules, siteIds, boxIds, deviceIds } = input ?? {};
  return {
    ...(states && { states }),
    ...(severities && { severities }),
    ...(rules && { rules }),
    ...(siteIds && { siteIds }),
    ...(boxIds && { boxIds }),
    ...(deviceIds && { deviceIds }),
  };
}
