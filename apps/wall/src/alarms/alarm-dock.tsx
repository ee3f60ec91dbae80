import type { Alarm } from '@se5/client';
import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';
import { deviceName } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { useNow } from '../ui/use-now.ts';
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
  const t = useTranslations('alarms');
  if (open.length === 0) return null;
  return (
    <Dock count={t('openAlarms', { count: open.length })} action={t('show')} onAction={onOpen}>
      {open.slice(0, maxCards).map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} onOpen={onOpen} />
      ))}
    </Dock>
  );
}

function AlarmCard({ alarm, onOpen }: { readonly alarm: Alarm; readonly onOpen: () => void }) {
  const times = useTimes();
  const now = useNow(60_000);
  return (
    <DockCard onChoose={onOpen}>
      {alarm.lastEvent && <AlarmPicture event={alarm.lastEvent} className="size-12" />}
      <span className="min-w-0">
        <span dir="auto" className="own-direction block truncate font-semibold">
          {alarm.title}
        </span>
        <span className="flex items-center gap-1 text-sm">
          <PersonName event={alarm} className="font-medium" />
          <time dateTime={alarm.openedAt} className="tabular-nums">
            {times.since(alarm.openedAt, now)}
          </time>
          <span dir="auto" className="truncate">
            {deviceName(alarm.device)}
          </span>
        </span>
      </span>
    </DockCard>
  );
}
