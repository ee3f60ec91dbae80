import type { RecognitionEvent } from '@se5/client';
import { useTranslations } from 'use-intl';
import { foldEvents, type Sightings } from '../state/fold.ts';
import { useTimes } from '../time/use-times.ts';
import { FacePicture } from '../ui/event-pictures.tsx';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { useImages } from '../ui/use-images.ts';
import { Dock, DockCard } from './dock.tsx';

interface BlacklistDockProps {
  /** Newest first. */
  readonly events: readonly RecognitionEvent[];
  readonly onSelect: (event: RecognitionEvent) => void;
  readonly onSeen: () => void;
}

/**
 * The alarms of a gateway without watch rules: people on the blacklist, who stay here until somebody
 * says that they were seen, however much comes in.
 */
export function BlacklistDock({ events, onSelect, onSeen }: BlacklistDockProps) {
  const t = useTranslations('alarms');
  if (events.length === 0) return null;
  const folded = foldEvents(events);
  return (
    <Dock count={t('unseen', { count: folded.length })} action={t('markSeen')} onAction={onSeen}>
      {folded.map((sightings) => (
        <SightingsCard key={sightings.at(-1)?.id} sightings={sightings} onSelect={onSelect} />
      ))}
    </Dock>
  );
}

interface SightingsCardProps {
  readonly sightings: Sightings;
  readonly onSelect: (event: RecognitionEvent) => void;
}

function SightingsCard({ sightings, onSelect }: SightingsCardProps) {
  const [event] = sightings;
  const images = useImages(event);
  const t = useTranslations();
  const times = useTimes();
  return (
    <DockCard onChoose={() => onSelect(event)}>
      <FacePicture images={images} className="size-12" />
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <PersonName event={event} className="font-semibold" />
          {sightings.length > 1 && (
            <span className="text-sm">{t('alarms.sightings', { count: sightings.length })}</span>
          )}
        </span>
        <span className="flex gap-1 text-sm">
          <time dateTime={event.occurredAt} className="tabular-nums">
            {times.clock(event.occurredAt)}
          </time>
          <span dir="auto" className="truncate">
            {t('page.place', { device: deviceName(event.device), site: event.site.name })}
          </span>
        </span>
      </span>
    </DockCard>
  );
}
