import { useState } from 'react';
import { type AlarmBoard, arrangedAs, countNew } from '../state/alarm-board.ts';

export interface HeldBoard {
  readonly board: AlarmBoard;
  /** How many alarms wait to be shown. */
  readonly waiting: number;
  /** Shows what waits; what comes next waits again. */
  readonly catchUp: () => void;
}

/** The board, in which no alarm changes its place as long as it is held. */
export function useHeldBoard(board: AlarmBoard, isHeld: boolean): HeldBoard {
  const [shown, setShown] = useState(board);
  const holds = isHeld && shown.isKnown;
  if (!holds && shown !== board) setShown(board);
  return {
    board: holds ? arrangedAs(shown, board) : board,
    waiting: holds ? countNew(shown, board) : 0,
    catchUp: () => setShown(board),
  };
}
