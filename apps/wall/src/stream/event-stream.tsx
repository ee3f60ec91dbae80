import type { RecognitionEvent } from '@se5/client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Older } from '../state/feed.ts';
import { type Line, showsEvent } from '../state/lines.ts';
import { NewButton } from '../ui/new-button.tsx';
import { DayRow } from './day-row.tsx';
import { EventCard } from './event-card.tsx';
import { GapRow } from './gap-row.tsx';
import { StreamEnd } from './stream-end.tsx';
import { useHold } from './use-hold.ts';

/** In px with their margins: the list never measures. */
const heights = { roomy: 88, dense: 54, day: 36 } as const;

interface EventStreamProps {
  /** Newest first. */
  readonly lines: readonly Line[];
  /** What came while the list was held, in events. */
  readonly waiting: number;
  readonly older: Older;
  readonly dense: boolean;
  readonly selectedId: string | undefined;
  readonly onSelect: (event: RecognitionEvent) => void;
  /** Told when somebody begins or ends to use the list. Must not change without need. */
  readonly onHold: (held: boolean) => void;
  readonly onCatchUp: () => void;
  readonly onOlder: () => void;
  readonly boxName: (id: string) => string;
  /** What to show while there are no lines. */
  readonly empty: ReactNode;
}

export function EventStream(props: EventStreamProps) {
  const { lines, waiting, older, dense, selectedId, onSelect, onHold, onCatchUp, onOlder } = props;
  const t = useTranslations('stream');
  const scroller = useRef<HTMLElement>(null);
  const [away, setAway] = useState(false);
  const hold = useHold();
  const rowHeight = dense ? heights.dense : heights.roomy;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'day' ? heights.day : rowHeight),
    getItemKey: useCallback((index: number) => lines[index]?.key ?? index, [lines]),
    overscan: 4,
  });
  const items = virtualizer.getVirtualItems();

  const isHeld = hold.holds || away;
  useEffect(() => onHold(isHeld), [isHeld, onHold]);

  const atEnd = items.at(-1)?.index === lines.length - 1;
  useEffect(() => {
    if (atEnd && older === 'more') onOlder();
  }, [atEnd, older, onOlder]);

  // What is chosen by keyboard comes into view; what comes in above it moves nothing.
  const reveal = useEffectEvent((id: string | undefined) => {
    const index = lines.findIndex((line) => showsEvent(line, id));
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  useEffect(() => reveal(selectedId), [selectedId]);

  return (
    <section aria-label={t('label')} className="relative min-h-0 flex-1" {...hold.handlers}>
      {/* Scrollable by keyboard, hence focusable. */}
      <section
        ref={scroller}
        aria-label={t('stream')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-3 pt-2 [overflow-anchor:none] sm:px-4"
        onScroll={(scroll) => {
          setAway(scroll.currentTarget.scrollTop > rowHeight);
          hold.onScroll(scroll);
        }}
      >
        {lines.length === 0 && props.empty}
        <ol className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            return (
              line && (
                <li
                  key={item.key}
                  className={`absolute inset-x-0 top-0 ${dense ? 'pb-1' : 'pb-2'}`}
                  style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                >
                  {line.kind === 'day' && <DayRow day={line.day} />}
                  {line.kind === 'gap' && <GapRow gap={line.gap} boxName={props.boxName} />}
                  {line.kind === 'sightings' && (
                    <EventCard
                      sightings={line.sightings}
                      selected={showsEvent(line, selectedId)}
                      dense={dense}
                      onSelect={onSelect}
                    />
                  )}
                </li>
              )
            );
          })}
        </ol>
        {lines.length > 0 && <StreamEnd older={older} onAgain={onOlder} />}
      </section>
      {(away || waiting > 0) && (
        <NewButton
          waiting={waiting}
          onClick={() => {
            onCatchUp();
            scroller.current?.scrollTo({ top: 0 });
            // The button goes, and would take the keyboard's focus along.
            scroller.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </section>
  );
}
