import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Row } from '../state/row.ts';

/**
 * Keeps what is being read in its place: rows that come in above a reader who has scrolled
 * down move the scroll position by their height. At the top, the newest row stays in view.
 */
export function useAnchoredScroll(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  rowHeight: number,
): void {
  const previousKey = useRef<string>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    const anchor = previousKey.current;
    previousKey.current = rows[0]?.key;
    if (!element || anchor === undefined || element.scrollTop === 0) return;
    const added = rows.findIndex((row) => row.key === anchor);
    if (added > 0) element.scrollTop += added * rowHeight;
  }, [scroller, rows, rowHeight]);
}
