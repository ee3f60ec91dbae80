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
        <button
          type="button"
          aria-keyshortcuts="j"
          title="Next alarm (j); k is the previous one"
          onClick={onNext}
          className="min-h-10 rounded-lg border border-line px-3 font-medium hover:bg-raised"
        >
          Next
        </button>
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
      <button
        type="button"
        aria-keyshortcuts="n"
        title="Write a note (n)"
        onClick={() => onAnswer('note')}
        className="min-h-10 rounded-lg border border-line px-3 font-medium hover:bg-raised"
      >
        Note
      </button>
      {state !== 'CLOSED' && (
        <button
          type="button"
          aria-keyshortcuts="c"
          title="Close it (c)"
          onClick={() => onAnswer('close')}
          className="min-h-10 rounded-lg border border-line px-3 font-medium hover:bg-raised"
        >
          Close
        </button>
      )}
    </div>
  );
}
