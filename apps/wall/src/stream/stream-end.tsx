import { useTranslations } from 'use-intl';
import { maxRows, type Older } from '../state/feed.ts';

/** Below the oldest line: whether that is all. */
export function StreamEnd({ older, onAgain }: { older: Older; onAgain: () => void }) {
  const t = useTranslations('stream');
  switch (older) {
    case 'more':
    case 'loading':
      return <p className="py-4 text-center text-muted">{t('readingOlder')}</p>;
    case 'failed':
      return (
        <p className="py-2 text-center text-muted">
          {t('olderFailed')}{' '}
          <button
            type="button"
            className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-raised"
            onClick={onAgain}
          >
            {t('again')}
          </button>
        </p>
      );
    case 'bound':
      return <p className="py-4 text-center text-muted">{t('bound', { count: maxRows })}</p>;
    case 'none':
      return <p className="py-4 text-center text-muted">{t('end')}</p>;
    case 'unknown':
      return null;
  }
}
