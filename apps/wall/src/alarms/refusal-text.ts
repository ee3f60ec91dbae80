import type { Alarm } from '@se5/client';
import type { Text } from '../language/text.ts';
import type { Refusal } from '../state/alarm-desk.ts';

/** Why an act did not count. The name of whoever was faster comes with the alarm itself. */
export function refusalText({ code, message }: Refusal, alarm: Alarm, t: Text): string {
  if (code === 'ALARM_ACKNOWLEDGED') {
    return t('alarms.fasterTaken', { by: alarm.acknowledgedBy ?? t('alarms.anotherPerson') });
  }
  if (code === 'ALARM_CLOSED') {
    return t('alarms.fasterClosed', { by: alarm.closedBy ?? t('alarms.anotherPerson') });
  }
  return t('alarms.refused', { message });
}
