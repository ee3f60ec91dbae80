import type { RecognitionEvent } from '@se5/client';
import { useHidden } from '../roles/hidden.ts';
import { foldEvents, type Sightings } from '../state/fold.ts';
import { clockTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { counted } from '../ui/counted.ts';
import { Icon } from '../ui/icon.tsx';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { useImages } from '../ui/use-images.ts';

interface BlacklistDockProps {
  /** Newest first. */
  readonly events: readonly RecognitionEvent[];
  readonly onSelect: (event: RecognitionEvent) => void;
  readonly onSeen: () => void;
}

/**
 * The alarms of a gateway without watch rules: people on the blacklist, who stay here until somebody
 * says that they were seen, however much comes in. Below the stream, so that one that comes moves
 * nothing that is about to be clicked.
 */
export function BlacklistDock({ events, onSelect, onSeen }: BlacklistDockProps) {
  if (events.length === 0) return null;
  const folded = foldEvents(events);
  return (
    <section
      aria-label="Alarms"
      className="flex items-stretch gap-3 border-t-2 border-blacklist bg-surface px-3 py-2 sm:px-4"
    >
      <div className="flex shrink-0 flex-col items-start justify-center">
        <p role="alert" className="flex items-center gap-1.5 font-semibold text-blacklist">
          <Icon name="ban" className="size-5" />
          {counted(folded.length, 'alarm')}
        </p>
        <button
          type="button"
          onClick={onSeen}
          className="min-h-9 rounded-lg font-medium text-accent underline-offset-2 hover:underline"
        >
          Mark as seen
        </button>
      </div>
      <ul className="flex min-w-0 flex-1 gap-2 overflow-x-auto py-0.5">
        {folded.map((sightings) => (
          <li key={sightings.at(-1)?.id} className="shrink-0">
            <SightingsCard sightings={sightings} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SightingsCardProps {
  readonly sightings: Sightings;
  readonly onSelect: (event: RecognitionEvent) => void;
}

function SightingsCard({ sightings, onSelect }: SightingsCardProps) {
  const [event] = sightings;
  const images = useImages(event);
  const zone = useZone();
  return (
    <button
      type="button"
      data-testid="alarm"
      onClick={() => onSelect(event)}
      className="flex max-w-96 items-center gap-2 rounded-xl border border-blacklist bg-blacklist/10 p-1.5 pr-3 text-left"
    >
      <Portrait
        onFailed={images.failed}
        url={images.faceImage?.url}
        label="Face at the device"
        missing="no picture"
        hidden={useHidden('face')}
        className="size-12"
      />
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <PersonName event={event} className="font-semibold" />
          {sightings.length > 1 && <span className="text-sm">{sightings.length} ×</span>}
        </span>
        <span className="block truncate text-sm">
          <time dateTime={event.occurredAt} className="tabular-nums">
            {clockTime(event.occurredAt, zone)}
          </time>
          , {deviceName(event.device)}, {event.site.name}
        </span>
      </span>
    </button>
  );
}
