import { type PageName, pageNames } from '../state/view.ts';

const words = {
  live: 'Live',
  history: 'History',
  fleet: 'Fleet',
  alarms: 'Alarms',
} as const satisfies Record<PageName, string>;

interface ViewTabsProps {
  readonly chosen: PageName;
  /** How many alarms are open; undefined for none. */
  readonly openAlarms: string | undefined;
  readonly onChoose: (page: PageName) => void;
}

/** Leads from one view of the wall to another. */
export function ViewTabs({ chosen, openAlarms, onChoose }: ViewTabsProps) {
  return (
    <nav aria-label="Views" className="flex">
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
          {words[name]}
          {name === 'alarms' && openAlarms !== undefined && <Badge count={openAlarms} />}
        </button>
      ))}
    </nav>
  );
}

function Badge({ count }: { readonly count: string }) {
  return (
    <>
      {' '}
      <span className="ml-0.5 rounded-full bg-blacklist px-1.5 text-xs font-semibold text-white tabular-nums dark:text-black">
        {count}
        <span className="sr-only"> open</span>
      </span>
    </>
  );
}
