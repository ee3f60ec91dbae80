import { useEffect } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { type AlarmBoard, hasOpened, openCount } from '../state/alarm-board.ts';
import { type Store, useStore } from '../state/store.ts';
import { useStored } from '../ui/use-stored.ts';
import { playTone } from './tone.ts';

const readSound = (text: string) => (text === 'on' || text === 'off' ? text : undefined);

/** The switch of the sound, which the browser remembers. */
export interface AlarmSound {
  readonly isOn: boolean;
  readonly turn: (on: boolean) => void;
}

/** Larger numbers are one icon: no more than one digit can be read in a tab. */
const maxOnIcon = 9;

/** The icon of the tab, with the number of open alarms on it. */
function showIcon(open: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const badge = open > maxOnIcon ? 'more' : open;
  if (icon) icon.href = open === 0 ? 'icon.svg' : `icon-${badge}.svg`;
}

/**
 * Says beyond the page how alarms stand: title and icon of the tab count the open ones, and a new one
 * sounds.
 */
export function useAlarmSignals(alarms: Store<AlarmBoard>): AlarmSound {
  const board = useStore(alarms);
  const [stored, store] = useStored('se5-alarm-sound', readSound);
  const isOn = stored !== 'off';
  const t = useTranslations('page');
  const format = useFormatter();
  const title = t('title');
  const count = board.open.length === 0 ? undefined : openCount(board, format.number);

  useEffect(() => {
    document.title = count === undefined ? title : `(${count}) ${title}`;
  }, [count, title]);
  useEffect(() => showIcon(board.open.length), [board.open.length]);

  useEffect(() => {
    let before = alarms.get();
    return alarms.subscribe(() => {
      const now = alarms.get();
      if (isOn && hasOpened(before, now)) playTone();
      before = now;
    });
  }, [alarms, isOn]);

  return {
    isOn,
    turn: (on) => {
      store(on ? 'on' : 'off');
      if (on) playTone();
    },
  };
}
