import type { RecognitionEvent } from '@se5/client';
import { useTranslations } from 'use-intl';
import { AlarmDock } from './alarms/alarm-dock.tsx';
import { AlarmsView } from './alarms/alarms-view.tsx';
import { BlacklistDock } from './alarms/blacklist-dock.tsx';
import { useAlarmSignals } from './alarms/use-alarm-signals.ts';
import { BoxStrip } from './boxes/box-strip.tsx';
import { LostBanner } from './connection/lost-banner.tsx';
import { StreamNotice } from './connection/stream-notice.tsx';
import { useLost } from './connection/use-lost.ts';
import { DetailPanel } from './detail/detail-panel.tsx';
import { SelectionDetail } from './detail/selection-detail.tsx';
import { useSelection } from './detail/use-selection.ts';
import { FleetTable } from './fleet/fleet-table.tsx';
import { HistoryBar } from './history/history-bar.tsx';
import { useHistory } from './history/use-history.ts';
import { hasAlarms } from './state/alarm-board.ts';
import { isFiltering, noFilters } from './state/filters.ts';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import type { View } from './state/view.ts';
import { StreamView } from './stream/stream-view.tsx';
import { useHeldFeed } from './stream/use-held-feed.ts';
import { ZoneContext } from './time/use-zone.ts';
import { useZoneChoice } from './time/use-zone-choice.ts';
import { Toolbar } from './toolbar.tsx';
import { useStored } from './ui/use-stored.ts';

interface WallProps {
  readonly session: GatewaySession;
  readonly view: View;
  readonly onChange: (changes: Partial<View>) => void;
}

const readDensity = (text: string) => (text === 'dense' || text === 'roomy' ? text : undefined);

const nobodyUsesIt = () => {};

/** All that is shown of one session. */
export function Wall({ session, view, onChange }: WallProps) {
  const t = useTranslations('page');
  const { page, filters, eventId, isKiosk } = view;
  const alarms = useStore(session.alarms);
  const blacklisted = useStore(session.blacklisted);
  const sound = useAlarmSignals(session.alarms);
  const boxes = useStore(session.boxes);
  const { sites } = useStore(session.inventory);
  const connection = useStore(session.connection);
  const lostAt = useLost(connection);
  const isKnown = lostAt === undefined;
  const zone = useZoneChoice(sites);
  const [density, setDensity] = useStored('se5-density', readDensity);
  const dense = density === 'dense';
  const holds = useHeldFeed(session);
  const day = useHistory(session, view, zone.chosen);

  const isLive = connection.state.name === 'live';
  const [selection, keep] = useSelection(session, eventId, isLive);
  const select = (event: RecognitionEvent) => {
    keep(event);
    onChange({ eventId: event.id });
  };
  const close = () => onChange({ eventId: undefined });

  const notice = (
    <StreamNotice
      state={connection.state}
      gateway={session.gateway}
      isOwn={session.isOwn}
      boxes={boxes}
      awaited={page === 'live'}
      filtering={isFiltering(filters)}
    />
  );

  return (
    <ZoneContext value={zone.chosen}>
      {!isKnown && <LostBanner since={lostAt} />}
      {page !== 'fleet' && boxes && boxes.length > 0 && <BoxStrip boxes={boxes} known={isKnown} />}
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          {isKiosk ? (
            <h1 className="sr-only">{t('title')}</h1>
          ) : (
            <Toolbar
              session={session}
              view={view}
              onChange={onChange}
              zone={zone}
              dense={dense}
              onDense={(next) => setDensity(next ? 'dense' : 'roomy')}
              holds={holds}
              sound={sound}
            />
          )}
          {page === 'history' && (
            <HistoryBar
              session={session}
              filters={filters}
              day={day}
              until={view.until}
              onChange={(nextDay, until) => onChange({ day: nextDay, until })}
            />
          )}
          {page === 'fleet' && <FleetTable session={session} known={isKnown} />}
          {page === 'alarms' && (
            <AlarmsView
              session={session}
              onEvent={(id) => onChange({ eventId: id })}
              disconnected={isLive ? undefined : notice}
            />
          )}
          {(page === 'live' || page === 'history') && (
            <StreamView
              session={session}
              dense={dense}
              paused={holds.paused}
              selectedId={eventId}
              onSelect={select}
              // Of a screen that nobody operates, nothing is held.
              onInUse={isKiosk ? nobodyUsesIt : holds.setInUse}
              empty={notice}
            />
          )}
          {hasAlarms(alarms) ? (
            page !== 'alarms' && (
              <AlarmDock open={alarms.open} onOpen={() => onChange({ page: 'alarms' })} />
            )
          ) : (
            <BlacklistDock
              events={blacklisted}
              onSelect={select}
              onSeen={session.dismissBlacklisted}
            />
          )}
        </main>
        {selection.kind !== 'none' && (
          <DetailPanel onClose={close}>
            <SelectionDetail
              selection={selection}
              onPerson={(id) =>
                onChange({
                  page: 'history',
                  filters: { ...noFilters, identityIds: [id] },
                  ...{ day: undefined, until: undefined },
                })
              }
            />
          </DetailPanel>
        )}
      </div>
    </ZoneContext>
  );
}
