import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

interface PauseButtonProps {
  readonly paused: boolean;
  readonly waiting: number;
  readonly onToggle: () => void;
}

export function PauseButton({ paused, waiting, onToggle }: PauseButtonProps) {
  const t = useTranslations('filters');
  return (
    <button
      type="button"
      aria-pressed={paused}
      onClick={onToggle}
      className={`inline-flex min-h-10 items-center gap-2 rounded-lg border px-3 font-semibold ${
        paused ? 'border-accent bg-accent text-on-accent' : 'border-line hover:bg-raised'
      }`}
    >
      <Icon name={paused ? 'play' : 'pause'} />
      <span className="max-sm:sr-only">{t(paused ? 'resume' : 'pause')}</span>
      {paused && (
        <span data-testid="waiting" className="tabular-nums">
          {t('waiting', { count: waiting })}
        </span>
      )}
    </button>
  );
}
