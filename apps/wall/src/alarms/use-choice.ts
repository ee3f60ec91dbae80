import type { Alarm } from '@se5/client';
import { useState } from 'react';
import type { GatewaySession } from '../state/session.ts';
import type { Answer } from './answer-form.tsx';

/** The alarm that keys are about, and what is being written about it. */
export interface Choice {
  readonly id: string | undefined;
  readonly answer: Answer | undefined;
  readonly choose: (id: string | undefined) => void;
  /** The alarm that lies so many further, around the ends of the list. */
  readonly step: (by: 1 | -1) => void;
  readonly write: (id: string, answer: Answer | undefined) => void;
}

/** @param listed in the order of the page. */
export function useChoice({ alarmDesk }: GatewaySession, listed: readonly Alarm[]): Choice {
  const [{ id, answer }, set] = useState<Pick<Choice, 'id' | 'answer'>>({
    id: undefined,
    answer: undefined,
  });
  const write = (next: string | undefined, nextAnswer: Answer | undefined) => {
    if (id !== undefined && next !== id) alarmDesk.forget(id);
    set({ id: next, answer: nextAnswer });
  };
  const choose = (next: string | undefined) => {
    if (next !== id) write(next, undefined);
  };
  return {
    id,
    answer,
    choose,
    step: (by) => {
      const at = listed.findIndex((alarm) => alarm.id === id);
      const next = at === -1 ? (by === 1 ? 0 : -1) : (at + by) % listed.length;
      choose(listed.at(next)?.id);
    },
    write,
  };
}
