import type { RecognitionEvent } from '@se5/client';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { AlarmDock } from './alarms/alarm-dock.tsx';
import { BoxStrip } from './boxes/box-strip.tsx';
import { LostBanner } from './connection/lost-banner.tsx';
import { StreamNotice } from './connection/stream-notice.tsx';
import { useLost } from './connection/use-lost.ts';
import { DetailPanel } from './detail/detail-panel.tsx';
import { SelectionDetail } from './detail/selection-detail.tsx';
import { useSelection } from './detail/use-selection.ts';
import { FilterBar } from './filters/filter-bar.tsx';
import { PauseButton } from './filters/pause-button.tsx';
import { type Filters, isFiltering } from './state/filters.ts';
import { linesOf } from './state/lines.ts';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import { Announcer } from './stream/announcer.tsx';
import { DensityToggle } from './stream/density-toggle.tsx';
import { EventStream } from './stream/event-stream.tsx';
import { useShortcuts } from './stream/use-shortcuts.ts';
import { ZoneContext } from './time/use-zone.ts';
import { useZoneChoice } from './time/use-zone-choice.ts';
import { ZoneMenu } from './time/zone-menu.tsx';
import { useStored } from './ui/use-stored.ts';

interface WallProps {
  readonly session: GatewaySession;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  /** The event that is chosen. */
  readonly eventId: string | undefined;
  readonly onEvent: (id: string | undefined) => void;
}

const readDensity = (text: string) => (text === 'dense' || text === 'roomy' ? text : undefined);

/** All that is shown of one session. */
export function Wall({ session, filters, onFilters, eventId, onEvent }: WallProps) {
  const feed = useStore(session.feed);
  const alarms = useStore(session.alarms);
  const boxes = useStore(session.boxes);
  const { sites, devices } = useStore(session.inventory);
  const connection = useStore(session.connection);
  const lostAt = useLost(connection);
  const zone = useZoneChoice(sites);
  const [density, setDensity] = useStored('se5-density', readDensity);
  const dense = density === 'dense';
  const [paused, setPaused] = useState(false);
  const [inUse, setInUse] = useState(false);
  useEffect(() => session.hold(paused || inUse), [session, paused, inUse]);

  const isLive = connection.state.name === 'live';
  const [selection, keep] = useSelection(session, eventId, isLive);
  const select = (event: RecognitionEvent) => {
    keep(event);
    onEvent(event.id);
  };
  const close = () => onEvent(undefined);

  const lines = useMemo(() => linesOf(feed.rows, zone.chosen), [feed.rows, zone.chosen]);
  useShortcuts({ lines, selectedId: eventId, onSelect: select, onClose: close });
  const spoken = useDeferredValue(feed.rows);
  const boxName = useCallback(
    (id: string) => boxes?.find((box) => box.id === id)?.name ?? id,
    [boxes],
  );

  return (
    <ZoneContext value={zone.chosen}>
      {lostAt !== undefined && <LostBanner since={lostAt} />}
      {boxes && boxes.length > 0 && <BoxStrip boxes={boxes} known={lostAt === undefined} />}
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          <div className="flex flex-wrap items-center gap-2 px-3 pt-3 sm:px-4">
            <FilterBar filters={filters} sites={sites} devices={devices} onChange={onFilters} />
            <span className="ml-auto" />
            <ZoneMenu zone={zone.chosen} choices={zone.choices} onChoose={zone.choose} />
            <DensityToggle
              dense={dense}
              onChange={(next) => setDensity(next ? 'dense' : 'roomy')}
            />
            <PauseButton
              paused={paused}
              waiting={feed.waiting.length}
              onToggle={() => setPaused(!paused)}
            />
          </div>
          <EventStream
            // Its rows have another height.
            key={dense ? 'dense' : 'roomy'}
            lines={lines}
            waiting={paused ? 0 : feed.waiting.length}
            older={feed.older}
            dense={dense}
            selectedId={eventId}
            onSelect={select}
            onHold={setInUse}
            onCatchUp={session.catchUp}
            onOlder={session.loadOlder}
            boxName={boxName}
            empty={
              <StreamNotice
                state={connection.state}
                gateway={session.gateway}
                isOwn={session.isOwn}
                boxes={boxes}
                filtering={isFiltering(filters)}
              />
            }
          />
          <AlarmDock alarms={alarms} onSelect={select} onSeen={session.dismissAlarms} />
        </main>
        {selection.kind !== 'none' && (
          <DetailPanel onClose={close}>
            <SelectionDetail selection={selection} />
          </DetailPanel>
        )}
      </div>
      <Announcer rows={spoken} />
    </ZoneContext>
  );
}
