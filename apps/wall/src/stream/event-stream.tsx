import type { RecognitionEvent } from '@se5/client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import type { Row } from '../state/row.ts';
import { maxRows } from '../state/wall.ts';
import { Icon } from '../ui/icon.tsx';
import { EventCard } from './event-card.tsx';
import { GapRow } from './gap-row.tsx';
import { useAnchoredScroll } from './use-anchored-scroll.ts';

/** Every row is as high as every other, in px with its margin, so that the list never measures. */
const rowHeight = 104;

interface EventStreamProps {
  /** Newest first. */
  readonly rows: readonly Row[];
  /** Whether older rows had to go. */
  readonly trimmed: boolean;
  readonly selectedId: string | undefined;
  readonly onSelect: (event: RecognitionEvent) => void;
  readonly boxName: (id: string) => string;
  /** What to show while there are no rows. */
  readonly empty: ReactNode;
}

export function EventStream(props: EventStreamProps) {
  const { rows, trimmed, selectedId, onSelect, boxName, empty } = props;
  const scroller = useRef<HTMLElement>(null);
  const [away, setAway] = useState(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: 4,
  });
  useAnchoredScroll(scroller, rows, rowHeight);

  return (
    <section aria-label="Recognitions, newest first" className="relative min-h-0 flex-1">
      {/* Scrollable by keyboard, hence focusable. */}
      <section
        ref={scroller}
        aria-label="Stream"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-3 pt-3 sm:px-4"
        onScroll={(scroll) => setAway(scroll.currentTarget.scrollTop > rowHeight)}
      >
        {rows.length === 0 && empty}
        <ol className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <li
                  key={item.key}
                  className="absolute inset-x-0 top-0 pb-2"
                  style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                >
                  {row.kind === 'event' ? (
                    <EventCard
                      event={row.event}
                      selected={row.key === selectedId}
                      onSelect={onSelect}
                    />
                  ) : (
                    <GapRow gap={row.gap} boxName={boxName} />
                  )}
                </li>
              )
            );
          })}
        </ol>
        {trimmed && (
          <p className="pb-4 text-center text-muted">
            The wall keeps the newest {maxRows.toLocaleString()} rows. Older ones are in the
            gateway's history.
          </p>
        )}
      </section>
      {away && (
        <button
          type="button"
          className="absolute top-3 left-1/2 inline-flex -translate-x-1/2 items-center gap-1.5 rounded-full bg-accent px-4 py-2 font-semibold text-on-accent shadow-lg"
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
        >
          <Icon name="up" />
          Newest
        </button>
      )}
    </section>
  );
}
