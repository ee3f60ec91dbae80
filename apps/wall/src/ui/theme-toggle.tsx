import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from './icon.tsx';
import { useMediaQuery } from './use-media-query.ts';
import { useStored } from './use-stored.ts';

const readTheme = (text: string) => (text === 'light' || text === 'dark' ? text : undefined);

/** The system's choice until the reader makes one. */
export function ThemeToggle() {
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  const [chosen, choose] = useStored('se5-theme', readTheme);
  const theme = chosen ?? (systemIsDark ? 'dark' : 'light');
  const t = useTranslations('page');
  const other = theme === 'dark' ? 'light' : 'dark';

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  return (
    <button
      type="button"
      aria-label={t(`${other}Theme`)}
      title={t(`${other}Theme`)}
      className="grid size-10 place-items-center rounded-lg hover:bg-raised"
      onClick={() => choose(other)}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
