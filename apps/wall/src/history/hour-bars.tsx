import { useTranslations } from 'use-intl';
import type { HourCount } from '../state/hour-count.ts';
import { useTimes } from '../time/use-times.ts';

interface HourBarsProps {
  readonly hours: readonly HourCount[];
  /** The end of the hour from which on the list goes back; undefined: that of the day. */
  readonly until: string | undefined;
  readonly onUntil: (until: string | undefined) => void;
}

/** The curve of a day. An hour is a button that leads the list to its end. */
export function HourBars({ hours, until, onUntil }: HourBarsProps) {
  const t = useTranslations('history');
  const times = useTimes();
  const most = Math.max(1, ...hours.map(({ count }) => count));
  return (
    <ol aria-label={t('byHour')} className="flex h-16 items-stretch gap-px sm:gap-0.5">
      {hours.map(({ from, to, count }, index) => {
        const chosen = to === until;
        const label = t('hour', { time: times.minute(from), count });
        return (
          <li key={from} className="min-w-0 flex-1">
            <button
              type="button"
              aria-pressed={chosen}
              aria-label={label}
              title={label}
              onClick={() => onUntil(chosen ? undefined : to)}
              className="flex h-full w-full flex-col justify-end rounded-sm hover:bg-raised"
            >
              <span
                className={`w-full rounded-t-sm ${chosen ? 'bg-accent' : 'bg-accent/40'}`}
                style={{ height: `${count === 0 ? 2 : 8 + (count / most) * 68}%` }}
              />
              <span
                aria-hidden="true"
                className="h-4 w-full overflow-visible text-start text-xs leading-4 whitespace-nowrap text-muted tabular-nums"
              >
                {index % 6 === 0 && times.minute(from)}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
