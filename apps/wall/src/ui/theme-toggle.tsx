import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';
import { useMediaQuery } from './use-media-query.ts';

type Theme = 'light' | 'dark';

const key = 'se5-theme';

function storedTheme(): Theme | undefined {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : undefined;
}

/** The system's choice until the reader makes one. */
export function ThemeToggle() {
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  const [chosen, setChosen] = useState(storedTheme);
  const theme = chosen ?? (systemIsDark ? 'dark' : 'light');
  const other = theme === 'dark' ? 'light' : 'dark';

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  return (
    <button
      type="button"
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      className="grid size-10 place-items-center rounded-lg hover:bg-raised"
      onClick={() => {
        localStorage.setItem(key, other);
        setChosen(other);
      }}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
