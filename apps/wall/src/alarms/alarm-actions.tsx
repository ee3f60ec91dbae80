import type { Alarm } from '@se5/client';
import { useTranslations } from 'use-intl';
import type { Answer } from './use-choice.ts';

interface AlarmActionsProps {
  readonly state: Alarm['state'];
  readonly onTake: () => void;
  readonly onAnswer: (answer: Answer) => void;
  /** Leads to the next alarm; undefined where it is not offered. */
  readonly onNext: (() => void) | undefined;
}

/** What can still be done about an alarm in its state. */
export function AlarmActions({ state, onTake, onAnswer, onNext }: AlarmActionsProps) {
  const t = useTranslations('alarms');
  return (
    <div className="flex justify-end gap-2 max-sm:w-full sm:w-72">
      {/* First: it comes with the focus, and must not move the button that a pointer is on. */}
      {onNext && (
        <Action shortcut="j" title={t('nextKey')} onClick={onNext}>
          {t('next')}
        </Action>
      )}
      {state === 'OPEN' && (
        <button
          type="button"
          aria-keyshortcuts="t"
          title={t('takeKey')}
          onClick={onTake}
          className="min-h-10 rounded-lg bg-accent px-4 font-semibold text-on-accent"
        >
          {t('take')}
        </button>
      )}
      <Action shortcut="n" title={t('noteKey')} onClick={() => onAnswer('note')}>
        {t('note')}
      </Action>
      {state !== 'CLOSED' && (
        <Action shortcut="c" title={t('closeKey')} onClick={() => onAnswer('close')}>
          {t('close')}
        </Action>
      )}
    </div>
  );
}

interface ActionProps {
  readonly shortcut: string;
  readonly title: string;
  readonly onClick: () => void;
  readonly children: string;
}

function Action({ shortcut, title, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      aria-keyshortcuts={shortcut}
      title={title}
      onClick={onClick}
      className="min-h-10 rounded-lg border border-line px-3 font-medium hover:bg-raised"
    >
      {children}
    </button>
  );
}
