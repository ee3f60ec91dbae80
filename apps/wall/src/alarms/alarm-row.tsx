import type { Alarm } from '@se5/client';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Refusal } from '../state/alarm-desk.ts';
import { useTimes } from '../time/use-times.ts';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { TypeMark } from '../ui/type-mark.tsx';
import { AlarmNotes } from './alarm-notes.tsx';
import { LastEvent } from './last-event.tsx';
import { refusalText } from './refusal-text.ts';
import { SeverityMark } from './severity-mark.tsx';

interface AlarmRowProps {
  readonly alarm: Alarm;
  readonly chosen: boolean;
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  readonly now: number;
  readonly onChoose: () => void;
  /** Shows an event in large. */
  readonly onEvent: (id: string) => void;
  /** What can be done about it. */
  readonly children: ReactNode;
}

/** One alarm: whom and where, since when, and what people did about it. */
export function AlarmRow(props: AlarmRowProps) {
  const { alarm, chosen, busy, refusal, now, onChoose, onEvent, children } = props;
  const t = useTranslations();
  const times = useTimes();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen && !row.current?.contains(document.activeElement)) row.current?.focus();
  }, [chosen]);
  useEffect(() => {
    // A button or field that had the focus is gone: the row, which keeps its place, has it.
    if (chosen && document.activeElement === document.body) {
      row.current?.focus({ preventScroll: true });
    }
  });
  return (
    <article
      ref={row}
      tabIndex={-1}
      data-testid="alarm-row"
      data-state-name={alarm.state}
      aria-label={t('alarms.named', { title: alarm.title, device: deviceName(alarm.device) })}
      aria-current={chosen}
      aria-busy={busy}
      onFocus={onChoose}
      className={`rounded-xl border bg-surface p-3 ${
        alarm.state === 'OPEN' ? 'border-blacklist' : 'border-line'
      } ${chosen ? 'ring-2 ring-accent' : ''}`}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <LastEvent alarm={alarm} onEvent={onEvent} />
        <div className="min-w-0 flex-1 basis-40">
          <p className="flex flex-wrap items-center gap-x-2">
            <SeverityMark severity={alarm.severity} />
            <span dir="auto" className="text-base font-semibold">
              {alarm.title}
            </span>
          </p>
          <p className="mt-0.5 flex min-w-0 items-center gap-2">
            <PersonName event={alarm} className="font-medium" />
            <TypeMark type={alarm.personType} />
          </p>
        </div>
        <div className="flex min-w-0 gap-4 max-sm:w-full">
          <div className="min-w-0 max-sm:flex-1 sm:w-44">
            <p dir="auto" className="own-direction truncate">
              {deviceName(alarm.device)}
            </p>
            <p dir="auto" className="own-direction truncate text-muted">
              {alarm.site.name}
            </p>
          </div>
          <div className="shrink-0 sm:w-36">
            <p className="tabular-nums" title={times.full(alarm.openedAt)}>
              <time dateTime={alarm.openedAt}>
                {t('alarms.since', { time: times.since(alarm.openedAt, now) })}
              </time>
            </p>
            <p className="text-muted tabular-nums">
              {t('alarms.events', { count: alarm.eventCount })}
            </p>
          </div>
        </div>
        {children}
      </div>
      {refusal && (
        <p role="alert" className="mt-2 font-medium text-danger">
          {refusalText(refusal, alarm, t)}
        </p>
      )}
      <AlarmNotes alarm={alarm} now={now} />
    </article>
  );
}
