import { useTranslations } from 'use-intl';
import { Icon } from './icon.tsx';

/** Over the list: what waits until its reader is done, and the way back to the top. */
export function NewButton({ waiting, onClick }: { waiting: number; onClick: () => void }) {
  const t = useTranslations('stream');
  return (
    <button
      type="button"
      data-testid="new"
      className="absolute top-3 left-1/2 inline-flex -translate-x-1/2 items-center gap-1.5 rounded-full bg-accent px-4 py-2 font-semibold text-on-accent tabular-nums shadow-lg"
      onClick={onClick}
    >
      <Icon name="up" />
      {waiting > 0 ? t('new', { count: waiting }) : t('newest')}
    </button>
  );
}
