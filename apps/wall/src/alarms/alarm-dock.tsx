import type { Alarm } from '@se5/client';
import { clockTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { counted } from '../ui/counted.ts';
import { Icon } from '../ui/icon.tsx';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { AlarmPicture } from './alarm-picture.tsx';

/** More do not fit beside each other; the view of alarms has them all. */
const maxCards = 12;

interface AlarmDockProps {
  /** The most urgent first. */
  readonly open: readonly Alarm[];
  /** Leads to the view of alarms. */
  readonly onOpen: () => void;
}

/**
 * The alarms that nobody has taken, in all views. Below the stream, so that one that comes moves
 * nothing that is about to be clicked.
 */
export function AlarmDock({ open, onOpen }: AlarmDockProps) {
  if (open.length === 0) return null;
  return (
    <section
      aria-label="Alarms"
      className="flex items-stretch gap-3 border-t-2 border-blacklist bg-surface px-3 py-2 sm:px-4"
    >
      <div className="flex shrink-0 flex-col items-start justify-center">
        <p role="alert" className="flex items-center gap-1.5 font-semibold text-blacklist">
          <Icon name="ban" className="size-5" />
          {counted(open.length, 'open alarm')}
        </p>
        <button
          type="button"
          onClick={onOpen}
          className="min-h-9 rounded-lg font-medium text-accent underline-offset-2 hover:underline"
        >
          Show alarms
        </button>
      </div>
      <ul className="flex min-w-0 flex-1 gap-2 overflow-x-auto py-0.5">
        {open.slice(0, maxCards).map((alarm) => (
          <li key={alarm.id} className="shrink-0">
            <AlarmCard alarm={alarm} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlarmCard({ alarm, onOpen }: { readonly alarm: Alarm; readonly onOpen: () => void }) {
  const zone = useZone();
  return (
    <button
      type="button"
      data-testid="alarm"
      onClick={onOpen}
      className="flex max-w-96 items-center gap-2 rounded-xl border border-blacklist bg-blacklist/10 p-1.5 pr-3 text-left"
    >
      {alarm.lastEvent && <AlarmPicture event={alarm.lastEvent} className="size-12" />}
      <span className="min-w-0">
        <span className="block truncate font-semibold">{alarm.title}</span>
        <span className="flex items-center gap-1 text-sm">
          <PersonName event={alarm} className="font-medium" />
          <span className="truncate">
            <time dateTime={alarm.openedAt} className="tabular-nums">
              {clockTime(alarm.openedAt, zone)}
            </time>
            , {deviceName(alarm.device)}
          </span>
        </span>
      </span>
    </button>
  );
}
