import { useTranslations } from 'use-intl';
import { Icon } from './icon.tsx';
import type { ThemeChoice } from './use-theme.ts';

export function ThemeToggle({ choice: { theme, choose } }: { readonly choice: ThemeChoice }) {
  const t = useTranslations('page');
  const other = theme === 'dark' ? 'light' : 'dark';
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
