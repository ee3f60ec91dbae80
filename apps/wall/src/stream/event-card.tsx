import type { RecognitionEvent } from '@se5/client';
import { memo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Sightings } from '../state/fold.ts';
import { useTimes } from '../time/use-times.ts';
import { FacePicture, RegisteredPicture } from '../ui/event-pictures.tsx';
import { deviceName, groupName, isCompared } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { TypeMark } from '../ui/type-mark.tsx';
import { useImages } from '../ui/use-images.ts';
import { Lateness } from './lateness.tsx';

interface EventCardProps {
  readonly sightings: Sightings;
  readonly selected: boolean;
  readonly dense: boolean;
  readonly onSelect: (event: RecognitionEvent) => void;
}

/** One recognition, or several of one person. The whole card is a button that shows the newest. */
export const EventCard = memo(function EventCard(props: EventCardProps) {
  const { sightings, selected, dense, onSelect } = props;
  const [event] = sightings;
  const alarm = event.personType === 'BLACKLIST';
  const t = useTranslations();
  const format = useFormatter();
  const times = useTimes();
  const percent = format.number(event.similarity, { style: 'percent' });
  const images = useImages(event);
  const size = dense ? 'size-10' : 'size-14 sm:size-16';
  return (
    <button
      type="button"
      data-testid="event"
      data-event-id={event.id}
      aria-pressed={selected}
      onClick={() => onSelect(event)}
      className={`flex h-full w-full items-center gap-3 border text-start transition-colors motion-reduce:transition-none ${
        dense ? 'rounded-lg px-2' : 'rounded-xl px-3'
      } ${alarm ? 'border-blacklist bg-blacklist/10' : 'border-line bg-surface hover:bg-raised'} ${
        selected ? 'ring-2 ring-accent' : ''
      }`}
    >
      <span className="flex shrink-0 gap-1">
        <FacePicture images={images} className={size} />
        <RegisteredPicture
          images={images}
          missing={t(event.personType === 'STRANGER' ? 'pictures.notRegistered' : 'pictures.none')}
          className={size}
        />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-2 max-sm:flex-wrap max-sm:gap-y-0">
          <PersonName event={event} className="text-base font-semibold" />
          <TypeMark type={event.personType} />
          <Times count={sightings.length} />
        </span>
        {!dense && (
          <span dir="auto" className="own-direction block truncate text-muted max-sm:hidden">
            {groupName(event, t)}
          </span>
        )}
        <span className={`text-xs text-muted sm:hidden ${dense ? 'line-clamp-1' : 'line-clamp-2'}`}>
          {t('page.place', { device: deviceName(event.device), site: event.site.name })}
        </span>
      </span>
      <span
        className={`hidden w-56 min-w-0 sm:block ${dense ? 'lg:flex lg:w-88 lg:gap-2 lg:*:flex-1' : ''}`}
      >
        <span dir="auto" className="own-direction block truncate">
          {deviceName(event.device)}
        </span>
        <span dir="auto" className="own-direction block truncate text-muted">
          {event.site.name}
        </span>
      </span>
      <span className="shrink-0 text-end sm:w-24">
        <time
          dateTime={event.occurredAt}
          title={times.full(event.occurredAt)}
          className="block tabular-nums"
        >
          {times.clock(event.occurredAt)}
        </time>
        {!dense && isCompared(event) && (
          <span
            className="block text-muted tabular-nums"
            title={t('person.similarity', { percent })}
          >
            <span aria-hidden="true">{percent}</span>
            <span className="sr-only">{t('person.similarity', { percent })}</span>
          </span>
        )}
        <Lateness event={event} />
      </span>
    </button>
  );
});

/** How often the person was there in a row. */
function Times({ count }: { count: number }) {
  const t = useTranslations();
  if (count === 1) return null;
  return (
    <span
      data-testid="times"
      title={t('person.times', { count })}
      className="rounded-full bg-raised px-2 text-xs font-semibold whitespace-nowrap text-muted tabular-nums"
    >
      <span aria-hidden="true">{t('alarms.sightings', { count })}</span>
      <span className="sr-only">{t('person.times', { count })}</span>
    </span>
  );
}
