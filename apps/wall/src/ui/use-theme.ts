import { useEffect } from 'react';
import { useMediaQuery } from './use-media-query.ts';
import { useStored } from './use-stored.ts';

const readTheme = (text: string) => (text === 'light' || text === 'dark' ? text : undefined);

export interface ThemeChoice {
  readonly theme: 'light' | 'dark';
  readonly choose: (theme: 'light' | 'dark') => void;
}

/** The theme of the page: the system's choice until the reader makes one. */
export function useTheme(): ThemeChoice {
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  const [chosen, choose] = useStored('se5-theme', readTheme);
  const theme = chosen ?? (systemIsDark ? 'dark' : 'light');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return { theme, choose };
}
