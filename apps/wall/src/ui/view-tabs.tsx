import { type PageName, pageNames } from '../state/view.ts';

const words = { live: 'Live', history: 'History', fleet: 'Fleet' } as const satisfies Record<
  PageName,
  string
>;

interface ViewTabsProps {
  readonly chosen: PageName;
  readonly onChoose: (page: PageName) => void;
}

/** Leads from one view of the wall to another. */
export function ViewTabs({ chosen, onChoose }: ViewTabsProps) {
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
        </button>
      ))}
    </nav>
  );
}
