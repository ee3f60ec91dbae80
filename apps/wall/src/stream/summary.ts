import type { Row } from '../state/row.ts';
import { counted } from '../ui/counted.ts';

/** What has come, in a sentence for a screen reader. Empty for no rows. */
export function summary(rows: readonly Row[]): string {
  const events = rows.filter((row) => row.kind === 'event');
  const alarms = events.filter((row) => row.event.personType === 'BLACKLIST').length;
  const gaps = rows.length - events.length;
  return [
    events.length > 0 ? counted(events.length, 'new recognition') : '',
    alarms > 0 ? `${alarms} on the blacklist` : '',
    gaps > 0 ? counted(gaps, 'gap') : '',
  ]
    .filter(Boolean)
    .join(', ');
}
