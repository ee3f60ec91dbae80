import type { RecognitionEvent } from '@se5/client';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { BoxStrip } from './boxes/box-strip.tsx';
import { StreamNotice } from './connection/stream-notice.tsx';
import { DetailPanel } from './detail/detail-panel.tsx';
import { FilterBar } from './filters/filter-bar.tsx';
import { PauseButton } from './filters/pause-button.tsx';
import { type Filters, isFiltering, isShown } from './state/filters.ts';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import { Announcer } from './stream/announcer.tsx';
import { EventStream } from './stream/event-stream.tsx';

interface WallProps {
  readonly session: GatewaySession;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}

/** All that is shown of one session. */
export function Wall({ session, filters, onFilters }: WallProps) {
  const wall = useStore(session.wall);
  const boxes = useStore(session.boxes);
  const { sites, devices } = useStore(session.inventory);
  const connection = useStore(session.connection);
  const [selected, setSelected] = useState<RecognitionEvent>();

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
    <>
      {boxes && boxes.length > 0 && <BoxStrip boxes={boxes} />}
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          <div className="flex flex-wrap items-center justify-between gap-2 px-3 pt-3 sm:px-4">
            <FilterBar filters={filters} sites={sites} devices={devices} onChange={onFilters} />
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
                gateway={session.gateway}
                isOwn={session.isOwn}
                boxes={boxes}
                filtering={isFiltering(filters) && wall.rows.length > 0}
              />
            }
          />
        </main>
        <DetailPanel event={selected} onClose={() => setSelected(undefined)} />
      </div>
      <Announcer rows={spoken} />
    </>
  );
}
