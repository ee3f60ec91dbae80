import type { Alarm } from '@se5/client';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { Notice } from '../connection/notice.tsx';
import { openCount } from '../state/alarm-board.ts';
import type { GatewaySession } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { asCode } from '../ui/as-code.tsx';
import { NewButton } from '../ui/new-button.tsx';
import { useNow } from '../ui/use-now.ts';
import { usePointed } from '../ui/use-pointed.ts';
import { AlarmActions } from './alarm-actions.tsx';
import { AlarmRow } from './alarm-row.tsx';
import { AnswerForm } from './answer-form.tsx';
import { useAlarmKeys } from './use-alarm-keys.ts';
import { useChoice } from './use-choice.ts';
import { useHeldBoard } from './use-held-board.ts';

interface AlarmsViewProps {
  readonly session: GatewaySession;
  /** Shows an event in large. */
  readonly onEvent: (id: string) => void;
  /** In the place of no alarms: why the gateway does not tell; undefined while it does. */
  readonly disconnected: ReactNode | undefined;
}

/** The alarms of the gateway, as all its viewers see them, and what this one can do about them. */
export function AlarmsView({ session, onEvent, disconnected }: AlarmsViewProps) {
  const { alarmDesk } = session;
  const t = useTranslations();
  const format = useFormatter();
  const latest = useStore(session.alarms);
  const { mayAnswer, busy, refusals } = useStore(alarmDesk.desk);
  const { isPointed, handlers } = usePointed();
  const choice = useChoice(session);
  const isWriting = choice.id !== undefined && choice.drafts.has(choice.id);
  // What is being written keeps its place, whatever becomes of its alarm.
  const { board, waiting, catchUp } = useHeldBoard(latest, isPointed || isWriting);
  const { open, acknowledged } = board;
  // What somebody else has closed meanwhile is not folded away before that is read.
  const isOvertaken = ({ id }: Alarm) =>
    refusals.has(id) || choice.drafts.get(id)?.ofClosed === false;
  const overtaken = board.closed.filter(isOvertaken);
  const closed = board.closed.filter((alarm) => !isOvertaken(alarm));
  const listed = [...open, ...acknowledged, ...overtaken];
  const now = useNow(30_000);

  const chosen = [...listed, ...closed].find(({ id }) => id === choice.id);
  const take = ({ id, state }: Alarm) => state === 'OPEN' && alarmDesk.take(id);
  useAlarmKeys({
    j: () => choice.step(listed, 1),
    k: () => choice.step(listed, -1),
    ...(chosen && { escape: () => choice.choose(undefined) }),
    ...(mayAnswer &&
      chosen && {
        t: () => take(chosen),
        n: () => choice.write(chosen, 'note'),
        c: () => chosen.state !== 'CLOSED' && choice.write(chosen, 'close'),
      }),
  });

  const answerOf = (alarm: Alarm) => {
    if (!mayAnswer) return null;
    const draft = choice.drafts.get(alarm.id);
    if (!draft) {
      return (
        <AlarmActions
          state={alarm.state}
          onTake={() => take(alarm)}
          onAnswer={(answer) => choice.write(alarm, answer)}
          onNext={
            choice.id === alarm.id && listed.length > 1 ? () => choice.step(listed, 1) : undefined
          }
        />
      );
    }
    return (
      <AnswerForm
        key={draft.answer}
        draft={draft}
        alarm={alarm}
        onType={(text) => choice.type(alarm.id, text)}
        onSend={(text, as) => {
          alarmDesk[as](alarm.id, text);
          choice.drop(alarm.id);
        }}
        onCancel={() => choice.drop(alarm.id)}
      />
    );
  };
  const rowOf = (alarm: Alarm) => (
    <AlarmRow
      key={alarm.id}
      alarm={alarm}
      chosen={alarm.id === choice.id}
      busy={busy.has(alarm.id)}
      refusal={refusals.get(alarm.id)}
      now={now}
      onChoose={() => choice.choose(alarm.id)}
      onEvent={onEvent}
    >
      {answerOf(alarm)}
    </AlarmRow>
  );
  const headed = (
    heading: 'open' | 'taken' | 'closedMeanwhile',
    count: string,
    alarms: readonly Alarm[],
  ) =>
    alarms.length > 0 && (
      <h2 key={heading} className="pt-2 text-base font-semibold">
        {t(`alarms.${heading}`)}{' '}
        <span className="font-normal text-muted tabular-nums">{count}</span>
      </h2>
    );

  return (
    <section
      aria-label={t('page.alarms')}
      {...handlers}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-3 pt-2 pb-6 sm:px-4"
    >
      {waiting > 0 && (
        <div className="pointer-events-none sticky top-0 z-10 h-0 *:pointer-events-auto">
          <NewButton waiting={waiting} onClick={catchUp} />
        </div>
      )}
      {mayAnswer === false && (
        <p role="status" className="pt-1 text-caution">
          {t('alarms.mayNotAnswer')}
        </p>
      )}
      {/* One list: an alarm that is taken moves in it, with what is being written about it. */}
      <div className="flex flex-col gap-2">
        {[
          headed('open', openCount(latest, format.number), open),
          ...open.map(rowOf),
          headed('taken', format.number(acknowledged.length), acknowledged),
          ...acknowledged.map(rowOf),
          headed('closedMeanwhile', format.number(overtaken.length), overtaken),
          ...overtaken.map(rowOf),
        ]}
      </div>
      {listed.length === 0 && (disconnected ?? <NoAlarms isKnown={board.isKnown} />)}
      {closed.length > 0 && (
        <details className="pt-4">
          <summary className="min-h-10 cursor-pointer text-base font-semibold">
            {t('alarms.closed')}{' '}
            <span className="font-normal text-muted tabular-nums">
              {format.number(closed.length)}
            </span>
          </summary>
          <div className="flex flex-col gap-2 pt-1">{closed.map(rowOf)}</div>
        </details>
      )}
    </section>
  );
}

function NoAlarms({ isKnown }: { readonly isKnown: boolean }) {
  const t = useTranslations('alarms');
  if (!isKnown) {
    return <p className="mt-[12dvh] text-center text-muted">{t('reading')}</p>;
  }
  return (
    <Notice icon="check" title={t('none')}>
      <p>{t.rich('noneHint', { code: asCode })}</p>
    </Notice>
  );
}
