import type { Alarm } from '@se5/client';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';

/** Who took and closed an alarm, and what people wrote about it. */
export function AlarmNotes({ alarm, now }: { readonly alarm: Alarm; readonly now: number }) {
  const t = useTranslations('alarms');
  const times = useTimes();
  const name = (text: ReactNode) => <span className="font-medium text-ink">{text}</span>;
  const { acknowledgedAt, acknowledgedBy, assignee, closedAt, closedBy, notes } = alarm;
  return (
    <>
      {acknowledgedAt !== null && (
        <p className="mt-2 text-muted">
          {t.rich(assignee === null ? 'takenBy' : 'takenFor', {
            name,
            by: acknowledgedBy ?? t('anotherPerson'),
            assignee: assignee ?? '',
            time: times.since(acknowledgedAt, now),
          })}
        </p>
      )}
      {notes.length > 0 && (
        <ul aria-label={t('notes')} className="mt-2 border-s-2 border-line ps-3">
          {notes.map(({ text, by, at }) => (
            <li key={`${at}/${by}/${text}`} className="break-words">
              <bdi>{text}</bdi>{' '}
              <span className="text-muted">{t('notedBy', { by, time: times.since(at, now) })}</span>
            </li>
          ))}
        </ul>
      )}
      {closedAt !== null && (
        <p className="mt-2 text-muted">
          {t.rich('closedBy', {
            name,
            by: closedBy ?? t('anotherPerson'),
            time: times.since(closedAt, now),
          })}
        </p>
      )}
    </>
  );
}
