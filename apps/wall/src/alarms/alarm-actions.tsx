import type { Alarm } from '@se5/client';
import type { Answer } from './answer-form.tsx';

interface AlarmActionsProps {
  readonly state: Alarm['state'];
  readonly onTake: () => void;
  readonly onAnswer: (answer: Answer) => void;
  /** Leads to the next alarm; undefined where it is not offered. */
  readonly onNext: (() => void) | undefined;
}

/** What can still be done about an alarm in its state. */
export function AlarmActions({ state, onTake, onAnswer, onNext }: AlarmActionsProps) {
  return (
    <div className="flex justify-end gap-2 max-sm:w-full sm:w-72">
      {/* First: it comes with the focus, and must not move the button that a pointer is on. */}
      {onNext && (
        <Action shortcut="j" title="Next alarm (j); k is the previous one" onClick={onNext}>
          Next
        </Action>
      )}
      {state === 'OPEN' && (
        <button
          type="button"
          aria-keyshortcuts="t"
          title="Take it (t)"
          onClick={onTake}
          className="min-h-10 rounded-lg bg-accent px-4 font-semibold text-on-accent"
        >
          Take
        </button>
      )}
      <Action shortcut="n" title="Write a note (n)" onClick={() => onAnswer('note')}>
        Note
      </Action>
      {state !== 'CLOSED' && (
        <Action shortcut="c" title="Close it (c)" onClick={() => onAnswer('close')}>
          Close
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
