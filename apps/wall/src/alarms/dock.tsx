import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

interface DockProps {
  /** How many alarms there are, in words. */
  readonly count: string;
  readonly action: string;
  readonly onAction: () => void;
  /** Items of a list. */
  readonly children: ReactNode;
}

/** Below the stream, so that an alarm that comes moves nothing that is about to be clicked. */
export function Dock({ count, action, onAction, children }: DockProps) {
  const t = useTranslations('page');
  return (
    <section
      aria-label={t('alarms')}
      className="flex items-stretch gap-3 border-t-2 border-blacklist bg-surface px-3 py-2 sm:px-4"
    >
      <div className="flex shrink-0 flex-col items-start justify-center">
        <p role="alert" className="flex items-center gap-1.5 font-semibold text-blacklist">
          <Icon name="ban" className="size-5" />
          {count}
        </p>
        <button
          type="button"
          onClick={onAction}
          className="min-h-9 rounded-lg font-medium text-accent underline-offset-2 hover:underline"
        >
          {action}
        </button>
      </div>
      <ul className="flex min-w-0 flex-1 gap-2 overflow-x-auto py-0.5">{children}</ul>
    </section>
  );
}

interface DockCardProps {
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

/** An alarm in the dock. */
export function DockCard({ onChoose, children }: DockCardProps) {
  return (
    <li className="shrink-0">
      <button
        type="button"
        data-testid="alarm"
        onClick={onChoose}
        className="flex max-w-96 items-center gap-2 rounded-xl border border-blacklist bg-blacklist/10 p-1.5 pe-3 text-start"
      >
        {children}
      </button>
    </li>
  );
}
