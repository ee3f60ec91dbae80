import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';
import { Icon } from '../ui/icon.tsx';

/** Above all else: what is on the page may not be true any more. */
export function LostBanner({ since }: { since: number }) {
  const t = useTranslations('connection');
  const time = useTimes().since(since, since);
  return (
    <p
      role="alert"
      data-testid="lost"
      className="flex items-center justify-center gap-2 bg-danger px-4 py-2 text-center font-semibold text-white dark:text-black"
    >
      <Icon name="broken" className="size-5" />
      <span>{t('lost', { time })}</span>
    </p>
  );
}
