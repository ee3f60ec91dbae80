import type { Alarm } from '@se5/client';
import { sinceTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';

/** Who took and closed an alarm, and what people wrote about it. */
export function AlarmNotes({ alarm, now }: { readonly alarm: Alarm; readonly now: number }) {
  const zone = useZone();
  const { acknowledgedAt, acknowledgedBy, assignee, closedAt, closedBy, notes } = alarm;
  return (
    <>
      {acknowledgedAt !== null && (
        <p className="mt-2 text-muted">
          Taken by <span className="font-medium text-ink">{acknowledgedBy}</span>
          {assignee !== null && ` for ${assignee}`}, {sinceTime(acknowledgedAt, zone, now)}
        </p>
      )}
      {notes.length > 0 && (
        <ul aria-label="Notes" className="mt-2 border-l-2 border-line pl-3">
          {notes.map(({ text, by, at }) => (
            <li key={`${at}/${by}/${text}`} className="break-words">
              {text}{' '}
              <span className="text-muted">
                {by}, {sinceTime(at, zone, now)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {closedAt !== null && (
        <p className="mt-2 text-muted">
          Closed by <span className="font-medium text-ink">{closedBy}</span>,{' '}
          {sinceTime(closedAt, zone, now)}
        </p>
      )}
    </>
  );
}
