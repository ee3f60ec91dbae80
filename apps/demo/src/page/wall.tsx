import type { RecognitionEvent } from '@se5/client';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { BoxStrip } from './boxes/box-strip.tsx';
import { ConnectionBadge } from './connection/connection-badge.tsx';
import { StreamNotice } from './connection/stream-notice.tsx';
import { DetailPanel } from './detail/detail-panel.tsx';
import { FilterBar } from './filters/filter-bar.tsx';
import { PauseButton } from './filters/pause-button.tsx';
import { fromSearch, isFiltering, isShown, toSearch } from './state/filters.ts';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import { Announcer } from './stream/announcer.tsx';
import { EventStream } from './stream/event-stream.tsx';
import { ThemeToggle } from './ui/theme-toggle.tsx';

interface WallProps {
  readonly session: GatewaySession;
  readonly hasToken: boolean;
  readonly onToken: (token: string) => void;
}

export function Wall({ session, hasToken, onToken }: WallProps) {
  const wall = useStore(session.wall);
  const boxes = useStore(session.boxes);
  const { sites, devices } = useStore(session.inventory);
  const connection = useStore(session.connection);
  const [filters, setFilters] = useState(() => fromSearch(location.search));
  const [selected, setSelected] = useState<RecognitionEvent>();

  useEffect(() => {
    const search = toSearch(filters);
    history.replaceState(null, '', search ? `?${search}` : location.pathname);
  }, [filters]);

  // Everything is subscribed and the filters choose among what is here: so that taking one off
  // shows what it hid, without a gap and without asking again.
  const rows = useMemo(
    () => wall.rows.filter((row) => isShown(filters, row)),
    [wall.rows, filters],
  );
  const waiting = wall.waiting.filter((row) => isShown(filters, row)).length;
  const spoken = useDeferredValue(rows);
  const boxName = useCallback(
    (id: string) => boxes?.find((box) => box.id === id)?.name ?? id,
    [boxes],
  );

  return (
    <div className="flex h-dvh flex-col">
      <header className="flex items-center gap-3 border-b border-line bg-surface px-3 py-2 sm:px-4">
        <img src="/icon.svg" alt="" className="size-8" />
        <h1 className="text-lg font-semibold">Event wall</h1>
        <span className="ml-auto" />
        <ConnectionBadge state={connection} />
        <ThemeToggle />
      </header>
      {boxes && boxes.length > 0 && <BoxStrip boxes={boxes} />}
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          <div className="flex flex-wrap items-center justify-between gap-2 px-3 pt-3 sm:px-4">
            <FilterBar filters={filters} sites={sites} devices={devices} onChange={setFilters} />
            <PauseButton
              paused={wall.paused}
              waiting={waiting}
              onToggle={wall.paused ? session.resume : session.pause}
            />
          </div>
          <EventStream
            rows={rows}
            trimmed={wall.trimmed}
            selectedId={selected?.id}
            onSelect={setSelected}
            boxName={boxName}
            empty={
              <StreamNotice
                state={connection}
                boxes={boxes}
                filtering={isFiltering(filters) && wall.rows.length > 0}
                hasToken={hasToken}
                onToken={onToken}
              />
            }
          />
        </main>
        <DetailPanel event={selected} onClose={() => setSelected(undefined)} />
      </div>
      <Announcer rows={spoken} />
    </div>
  );
}
