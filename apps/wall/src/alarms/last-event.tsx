import type { Alarm } from '@se5/client';
import { useTranslations } from 'use-intl';
import { AlarmPicture } from './alarm-picture.tsx';

interface LastEventProps {
  readonly alarm: Alarm;
  readonly onEvent: (id: string) => void;
}

/** The picture of the last event, which leads to the event. */
export function LastEvent({ alarm: { lastEvent, identityName }, onEvent }: LastEventProps) {
  const t = useTranslations('alarms');
  if (!lastEvent) return null;
  const picture = <AlarmPicture event={lastEvent} className="size-16" />;
  // The gateway finds no event by its id for a role that sees no identity.
  if (identityName === null) return picture;
  return (
    <button type="button" title={t('lastEvent')} onClick={() => onEvent(lastEvent.id)}>
      {picture}
      <span className="sr-only">{t('lastEvent')}</span>
    </button>
  );
}
