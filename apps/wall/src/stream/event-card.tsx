import type { RecognitionEvent } from '@se5/client';
import { memo } from 'react';
import { useHidden } from '../roles/hidden.ts';
import { Icon } from '../ui/icon.tsx';
import { deviceName, groupName, percent } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { clockTime, fullTime } from '../ui/time.ts';
import { TypeMark } from '../ui/type-mark.tsx';
import { useImages } from '../ui/use-images.ts';

interface EventCardProps {
  readonly event: RecognitionEvent;
  readonly selected: boolean;
  readonly onSelect: (event: RecognitionEvent) => void;
}

/** One recognition. The whole card is a button that shows its details. */
export const EventCard = memo(function EventCard({ event, selected, onSelect }: EventCardProps) {
  const alarm = event.personType === 'BLACKLIST';
  const zone = event.site.timezone;
  const images = useImages(event);
  return (
    <button
      type="button"
      data-testid="event"
      data-event-id={event.id}
      aria-pressed={selected}
      onClick={() => onSelect(event)}
      className={`flex h-full w-full items-center gap-3 rounded-xl border px-3 text-left transition-colors motion-reduce:transition-none ${
        alarm ? 'border-blacklist bg-blacklist/10' : 'border-line bg-surface hover:bg-raised'
      } ${selected ? 'ring-2 ring-accent' : ''}`}
    >
      <span className="flex shrink-0 gap-1">
        <Portrait
          onFailed={images.failed}
          url={images.faceImage?.url}
          label="Face at the device"
          missing="no picture"
          hidden={useHidden('face')}
          className="size-14 sm:size-18"
        />
        <Portrait
          onFailed={images.failed}
          url={images.registeredImage?.url}
          label="Registered picture"
          missing={event.personType === 'STRANGER' ? 'not registered' : 'no picture'}
          hidden={useHidden('registered')}
          className="size-14 sm:size-18"
        />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-2 max-sm:flex-wrap max-sm:gap-y-0">
          <PersonName event={event} className="text-base font-semibold" />
          <TypeMark type={event.personType} />
        </span>
        <span className="block truncate text-muted max-sm:hidden">{groupName(event)}</span>
        <span className="block truncate text-sm text-muted sm:hidden">
          {deviceName(event.device)}
        </span>
      </span>
      <span className="hidden w-56 min-w-0 sm:block">
        <span className="block truncate">{deviceName(event.device)}</span>
        <span className="block truncate text-muted">{event.site.name}</span>
      </span>
      <span className="shrink-0 text-right sm:w-24">
        <time
          dateTime={event.occurredAt}
          title={fullTime(event.occurredAt, zone)}
          className="block tabular-nums"
        >
          {clockTime(event.occurredAt, zone)}
        </time>
        <Similarity event={event} />
        <Lateness event={event} />
      </span>
    </button>
  );
});

function Similarity({ event }: { event: RecognitionEvent }) {
  return (
    <span className="block text-muted tabular-nums" title="How alike the two faces are">
      {percent(event.similarity)}
      <span className="sr-only"> similar</span>
    </span>
  );
}

/** An event that is not happening now must not look as if it were. */
function Lateness({ event }: { event: RecognitionEvent }) {
  if (event.delivery === 'LIVE' && !event.replayed) return null;
  const fromBox = event.delivery === 'BACKFILLED';
  return (
    <span
      className="inline-flex items-center gap-1 text-xs text-caution"
      title={
        fromBox ? 'Fetched from the box afterwards' : 'Sent from the journal, not as it happened'
      }
    >
      <Icon name="history" className="size-3.5" />
      {fromBox ? 'recovered' : 'replayed'}
    </span>
  );
}
