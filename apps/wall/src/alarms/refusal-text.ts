import type { Alarm } from '@se5/client';
import type { Refusal } from '../state/alarm-desk.ts';

/** Why an act did not count. The name of whoever was faster comes with the alarm itself. */
export function refusalText({ code, message }: Refusal, alarm: Alarm): string {
  if (code === 'ALARM_ACKNOWLEDGED') {
    return `Somebody was faster: ${alarm.acknowledgedBy ?? 'another person'} has taken it.`;
  }
  if (code === 'ALARM_CLOSED') {
    return `Somebody was faster: ${alarm.closedBy ?? 'another person'} has closed it.`;
  }
  return `That did not count: ${message}`;
}
