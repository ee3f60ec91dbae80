import type { Box, Device } from '@se5/client';
import { useTranslations } from 'use-intl';
import { linkLooks, unknownLook } from '../boxes/link-looks.ts';
import { inOrderOfTrouble } from '../boxes/trouble.ts';
import type { GatewaySession } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useTimes } from '../time/use-times.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import { backfillText } from './backfill-text.ts';
import { sitesOf } from './sites-of.ts';
import { useRefresh } from './use-refresh.ts';

interface FleetTableProps {
  readonly session: GatewaySession;
  /** Whether the gateway still tells. */
  readonly known: boolean;
}

/** All sites with their boxes and cameras, and what was read back after their outages. */
export function FleetTable({ session, known }: FleetTableProps) {
  const boxes = useStore(session.boxes) ?? [];
  const { devices } = useStore(session.inventory);
  const t = useTranslations('page');
  useRefresh(session);
  const now = useNow(1_000);
  return (
    <section
      aria-label={t('fleet')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-3 pb-6 sm:px-4"
    >
      {sitesOf(boxes).map(({ site, boxes: own }) => (
        <section key={site.id} aria-label={site.name} className="pt-4">
          <h2 className="pb-2 text-base font-semibold">
            {site.name} <span className="font-normal text-muted">{site.timezone}</span>
          </h2>
          <ul className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
            {inOrderOfTrouble(own).map((box) => (
              <BoxCard
                key={box.id}
                box={box}
                devices={devices.filter((device) => device.box.id === box.id)}
                known={known}
                now={now}
              />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

interface BoxCardProps {
  readonly box: Box;
  readonly devices: readonly Device[];
  readonly known: boolean;
  readonly now: number;
}

function BoxCard({ box, devices, known, now }: BoxCardProps) {
  const t = useTranslations();
  const times = useTimes();
  const { icon, className } = known ? linkLooks[box.link.state] : unknownLook;
  const { state, since, lastEventAt, lastError } = box.link;
  return (
    <li data-testid="fleet-box" className="rounded-xl border border-line bg-surface p-4">
      <p className="flex items-center gap-2">
        <span className="font-semibold">{box.name}</span>
        <span className={`ms-auto inline-flex items-center gap-1.5 font-semibold ${className}`}>
          <Icon name={icon} />
          {known
            ? t('boxes.since', { state: t(`boxes.${state}`), time: times.since(since, now) })
            : t('boxes.UNKNOWN')}
        </span>
      </p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-muted">{t('boxes.lastEvent')}</dt>
        <dd>{lastEventAt ? times.full(lastEventAt) : t('fleet.noEvent')}</dd>
        {lastError !== null && (
          <>
            <dt className="text-muted">{t('boxes.lastError')}</dt>
            <dd dir="auto" className="break-words">
              {lastError}
            </dd>
          </>
        )}
        {box.backfill && (
          <>
            <dt className="text-muted">{t('fleet.lastOutage')}</dt>
            <dd>{backfillText(box.backfill, t, times, now)}</dd>
          </>
        )}
        {box.gateway !== null && (
          <>
            <dt className="text-muted">{t('boxes.gateway')}</dt>
            <dd>{box.gateway}</dd>
          </>
        )}
      </dl>
      <ul className="mt-3 border-t border-line pt-2">
        {devices.map((device) => (
          <li key={device.id} className="flex gap-2 py-0.5">
            <span className="min-w-0 truncate">{device.name ?? device.deviceId}</span>
            <span className="ms-auto shrink-0 text-muted tabular-nums">
              {device.lastEventAt ? times.ago(device.lastEventAt, now) : t('fleet.nothingYet')}
            </span>
          </li>
        ))}
        {devices.length === 0 && <li className="text-muted">{t('fleet.noDevice')}</li>}
      </ul>
    </li>
  );
}
