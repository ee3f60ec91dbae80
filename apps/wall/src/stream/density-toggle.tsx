import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

interface DensityToggleProps {
  readonly dense: boolean;
  readonly onChange: (dense: boolean) => void;
}

export function DensityToggle({ dense, onChange }: DensityToggleProps) {
  const t = useTranslations('filters');
  return (
    <button
      type="button"
      aria-pressed={dense}
      aria-label={t('dense')}
      title={t('dense')}
      onClick={() => onChange(!dense)}
      className={`grid size-10 place-items-center rounded-lg border hover:bg-raised ${
        dense ? 'border-accent text-accent' : 'border-line'
      }`}
    >
      <Icon name="rows" />
    </button>
  );
}
