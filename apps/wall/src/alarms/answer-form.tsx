import type { Alarm } from '@se5/client';
import { useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { CopyButton } from '../ui/copy-button.tsx';
import type { Answer, Draft } from './use-choice.ts';

/** The gateway's bound of a note, in characters. */
const maxLength = 1_000;

const words = {
  note: { label: 'note', send: 'addNote' },
  close: { label: 'noteIfAny', send: 'closeAlarm' },
} as const satisfies Record<Answer, { label: string; send: string }>;

interface AnswerFormProps {
  readonly draft: Draft;
  readonly alarm: Alarm;
  readonly onType: (text: string) => void;
  /** @param as a note where the alarm has been closed meanwhile. */
  readonly onSend: (text: string, as: Answer) => void;
  readonly onCancel: () => void;
}

/** What is being written about an alarm. The text stays when somebody else closes the alarm meanwhile. */
export function AnswerForm({ draft, alarm, onType, onSend, onCancel }: AnswerFormProps) {
  const t = useTranslations('alarms');
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const isOvertaken = alarm.state === 'CLOSED' && !draft.ofClosed;
  const answer = isOvertaken ? 'note' : draft.answer;
  const { label, send } = words[answer];
  return (
    <form
      className="flex basis-full flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const text = draft.text.trim();
        if (text !== '' || answer === 'close') onSend(text, answer);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      {isOvertaken && (
        <p role="alert" className="basis-full font-medium text-caution">
          {t('draftOfClosed', { by: alarm.closedBy ?? t('anotherPerson') })}
        </p>
      )}
      <label htmlFor={id} className="font-medium">
        {t(label)}
      </label>
      <input
        ref={field}
        id={id}
        value={draft.text}
        onChange={(event) => onType(event.target.value)}
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
      {isOvertaken && <CopyButton label={t('copy')} text={() => draft.text} />}
      <button
        type="button"
        onClick={onCancel}
        className="min-h-10 rounded-lg px-3 font-medium hover:bg-raised"
      >
        {t(isOvertaken ? 'discard' : 'cancel')}
      </button>
    </form>
  );
}
