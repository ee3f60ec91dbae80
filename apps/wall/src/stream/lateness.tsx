import type { RecognitionEvent } from '@se5/client';
import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

/** An event that came late says so; what is read from the history was never claimed to be new. */
export function Lateness({ event: { delivery } }: { event: RecognitionEvent }) {
  const t = useTranslations('stream');
  if (delivery === 'LIVE') return null;
  return (
    <span
      className="inline-flex items-center gap-1 text-xs text-caution"
      title={t('recoveredHint')}
    >
      <Icon name="history" className="size-3.5" />
      {t('recovered')}
    </span>
  );
}
