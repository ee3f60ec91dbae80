import type { Alarm } from '@se5/client';
import { useState } from 'react';
import type { GatewaySession } from '../state/session.ts';

/** What is written: a note, or the note of closing an alarm, which may be empty. */
export type Answer = 'note' | 'close';

/** What is being written about an alarm. */
export interface Draft {
  readonly answer: Answer;
  readonly text: string;
  /** Whether the alarm was closed already when this was begun. */
  readonly ofClosed: boolean;
}

/** The alarm that keys are about, and what is being written about this and others. */
export interface Choice {
  readonly id: string | undefined;
  /** By the id of the alarm. Each outlives another choice, unless it is empty. */
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly choose: (id: string | undefined) => void;
  /** Chooses the alarm that lies so many further, around the ends of the list. */
  readonly step: (listed: readonly Alarm[], by: 1 | -1) => void;
  /** Chooses an alarm to write about; what has been written about it stays. */
  readonly write: (alarm: Alarm, answer: Answer) => void;
  readonly type: (id: string, text: string) => void;
  /** Forgets what was being written, as it has been sent or given up. */
  readonly drop: (id: string) => void;
}

export function useChoice({ alarmDesk }: GatewaySession): Choice {
  const [id, setId] = useState<string>();
  const [drafts, setDrafts] = useState<Choice['drafts']>(new Map());
  const keep = (of: string, draft: Draft) => setDrafts((all) => new Map(all).set(of, draft));
  const drop = (of: string) =>
    setDrafts((all) => new Map([...all].filter(([other]) => other !== of)));
  const choose = (next: string | undefined) => {
    if (next === id) return;
    if (id !== undefined) {
      alarmDesk.forget(id);
      if (drafts.get(id)?.text === '') drop(id);
    }
    setId(next);
  };
  return {
    id,
    drafts,
    choose,
    step: (listed, by) => {
      const at = listed.findIndex((alarm) => alarm.id === id);
      const next = at === -1 ? (by === 1 ? 0 : -1) : (at + by) % listed.length;
      choose(listed.at(next)?.id);
    },
    write: (alarm, answer) => {
      choose(alarm.id);
      const begun = drafts.get(alarm.id) ?? { text: '', ofClosed: alarm.state === 'CLOSED' };
      keep(alarm.id, { ...begun, answer });
    },
    type: (of, text) => {
      const draft = drafts.get(of);
      if (draft) keep(of, { ...draft, text });
    },
    drop,
  };
}
