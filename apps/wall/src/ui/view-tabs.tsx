import { useTranslations } from 'use-intl';
import { type PageName, pageNames } from '../state/view.ts';

interface ViewTabsProps {
  readonly chosen: PageName;
  /** How many alarms are open; undefined for none. */
  readonly openAlarms: string | undefined;
  readonly onChoose: (page: PageName) => void;
}

/** Leads from one view of the wall to another. */
export function ViewTabs({ chosen, openAlarms, onChoose }: ViewTabsProps) {
  const t = useTranslations('page');
  return (
    <nav aria-label={t('views')} className="flex">
      {pageNames.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === chosen ? 'page' : undefined}
          onClick={() => onChoose(name)}
          className={`min-h-10 rounded-lg px-3 font-medium hover:bg-raised ${
            name === chosen ? 'bg-raised text-accent' : 'text-muted'
          }`}
        >
          {t(name)}
          {name === 'alarms' && openAlarms !== undefined && <Badge count={openAlarms} />}
        </button>
      ))}
    </nav>
  );
}

function Badge({ count }: { readonly count: string }) {
  const t = useTranslations('page');
  return (
    <>
      {' '}
      <span className="ms-0.5 rounded-full bg-blacklist px-1.5 text-xs font-semibold text-white tabular-nums dark:text-black">
        <span aria-hidden="true">{count}</span>
        <span className="sr-only">{t('open', { count })}</span>
      </span>
    </>
  );
}
