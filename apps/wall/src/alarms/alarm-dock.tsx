import type { Alarm } from '@se5/client';
import { clockTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { counted } from '../ui/counted.ts';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { AlarmPicture } from './alarm-picture.tsx';
import { Dock, DockCard } from './dock.tsx';

/** More do not fit beside each other; the view of alarms has them all. */
const maxCards = 12;

interface AlarmDockProps {
  /** The most urgent first. */
  readonly open: readonly Alarm[];
  /** Leads to the view of alarms. */
  readonly onOpen: () => void;
}

/** The alarms that nobody has taken, in all views. */
export function AlarmDock({ open, onOpen }: AlarmDockProps) {
  if (open.length === 0) return null;
  return (
    <Dock count={counted(open.length, 'open alarm')} action="Show alarms" onAction={onOpen}>
      {open.slice(0, maxCards).map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} onOpen={onOpen} />
      ))}
    </Dock>
  );
}

function AlarmCard({ alarm, onOpen }: { readonly alarm: Alarm; readonly onOpen: () => void }) {
  const zone = useZone();
  return (
    <DockCard onChoose={onOpen}>
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
    </DockCard>
  );
}
