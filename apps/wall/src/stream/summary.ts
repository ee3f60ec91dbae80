import type { Text } from '../language/text.ts';
import type { Row } from '../state/row.ts';

/** What has come, for a screen reader, in parts. None for no rows. */
export function summary(rows: readonly Row[], t: Text): readonly string[] {
  const events = rows.filter((row) => row.kind === 'event');
  const alarms = events.filter((row) => row.event.personType === 'BLACKLIST').length;
  const gaps = rows.length - events.length;
  return [
    events.length > 0 ? t('stream.newRecognitions', { count: events.length }) : '',
    alarms > 0 ? t('stream.ofBlacklist', { count: alarms }) : '',
    gaps > 0 ? t('stream.gaps', { count: gaps }) : '',
  ].filter(Boolean);
}
