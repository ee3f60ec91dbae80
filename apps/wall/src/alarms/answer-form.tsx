import { useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';

/** What is written: a note, or the note of closing an alarm, which may be empty. */
export type Answer = 'note' | 'close';

/** The gateway's bound of a note, in characters. */
const maxLength = 1_000;

const words = {
  note: { label: 'note', send: 'addNote' },
  close: { label: 'noteIfAny', send: 'closeAlarm' },
} as const satisfies Record<Answer, { label: string; send: string }>;

interface AnswerFormProps {
  readonly answer: Answer;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

export function AnswerForm({ answer, onSend, onCancel }: AnswerFormProps) {
  const t = useTranslations('alarms');
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { label, send } = words[answer];
  return (
    <form
      className="flex basis-full flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value.trim() ?? '';
        if (text !== '' || answer === 'close') onSend(text);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      <label htmlFor={id} className="font-medium">
        {t(label)}
      </label>
      <input
        ref={field}
        id={id}
        maxLength={maxLength}
        required={answer === 'note'}
        dir="auto"
        autoComplete="off"
        className="min-h-10 min-w-40 flex-1 rounded-lg border border-line bg-surface px-3"
      />
      <button
        type="submit"
        className="min-h-10 rounded-lg bg-accent px-4 font-semibold text-on-accent"
      >
        {t(send)}
      </button>
      <button
        type="button"
        onClick={onCancel}
        className="min-h-10 rounded-lg px-3 font-medium hover:bg-raised"
      >
        {t('cancel')}
      </button>
    </form>
  );
}
