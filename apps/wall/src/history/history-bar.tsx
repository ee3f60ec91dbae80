import { useTranslations } from 'use-intl';
import type { Filters } from '../state/filters.ts';
import type { GatewaySession } from '../state/session.ts';
import { useZone } from '../time/use-zone.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import { type Day, dayAt, daysLater, isDay } from './day.ts';
import { HourBars } from './hour-bars.tsx';
import { useHours } from './use-hours.ts';

interface HistoryBarProps {
  readonly session: GatewaySession;
  readonly filters: Filters;
  readonly day: Day;
  readonly until: string | undefined;
  readonly onChange: (day: Day, until: string | undefined) => void;
}

/** Which day the list begins with, and its curve. */
export function HistoryBar({ session, filters, day, until, onChange }: HistoryBarProps) {
  const t = useTranslations('history');
  const zone = useZone();
  const hours = useHours(session, filters, day, zone);
  const isToday = day >= dayAt(useNow(60_000), zone);
  return (
    <section
      aria-label={t('chosenDay')}
      className="flex flex-wrap items-end gap-x-4 gap-y-2 px-3 pt-3 sm:px-4"
    >
      <div className="flex items-center gap-1">
        <Step
          label={t('dayBefore')}
          icon="back"
          onClick={() => onChange(daysLater(day, -1), undefined)}
        />
        <input
          type="date"
          aria-label={t('day')}
          value={day}
          onChange={({ target }) => isDay(target.value) && onChange(target.value, undefined)}
          className="min-h-10 rounded-lg border border-line bg-surface px-2"
        />
        <Step
          label={t('dayAfter')}
          icon="forward"
          disabled={isToday}
          onClick={() => onChange(daysLater(day, 1), undefined)}
        />
      </div>
      <div className="h-16 min-w-64 flex-1">
        {hours && <HourBars hours={hours} until={until} onUntil={(next) => onChange(day, next)} />}
      </div>
    </section>
  );
}

interface StepProps {
  readonly label: string;
  readonly icon: 'back' | 'forward';
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Step({ label, icon, disabled = false, onClick }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      className="grid size-10 place-items-center rounded-lg border border-line hover:bg-raised disabled:opacity-40"
    >
      <Icon name={icon} />
    </button>
  );
}
