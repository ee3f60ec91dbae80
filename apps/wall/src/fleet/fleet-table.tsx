import type { Box, Device } from '@se5/client';
import { linkLooks, unknownLook } from '../boxes/link-looks.ts';
import { inOrderOfTrouble } from '../boxes/trouble.ts';
import type { GatewaySession } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { age, fullTime, sinceTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
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
  useRefresh(session);
  const now = useNow(1_000);
  return (
    <section
      aria-label="Fleet"
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
  const zone = useZone();
  const { word, icon, className } = known ? linkLooks[box.link.state] : unknownLook;
  const { since, lastEventAt, lastError } = box.link;
  return (
    <li data-testid="fleet-box" className="rounded-xl border border-line bg-surface p-4">
      <p className="flex items-center gap-2">
        <span className="font-semibold">{box.name}</span>
        <span className={`ml-auto inline-flex items-center gap-1.5 font-semibold ${className}`}>
          <Icon name={icon} />
          {word}
          {known && ` since ${sinceTime(since, zone, now)}`}
        </span>
      </p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-muted">Last event</dt>
        <dd>{lastEventAt ? fullTime(lastEventAt, zone) : 'none since the gateway started'}</dd>
        {lastError !== null && (
          <>
            <dt className="text-muted">Last error</dt>
            <dd className="break-words">{lastError}</dd>
          </>
        )}
        {box.backfill && (
          <>
            <dt className="text-muted">Last outage</dt>
            <dd>{backfillText(box.backfill, zone, now)}</dd>
          </>
        )}
        {box.gateway !== null && (
          <>
            <dt className="text-muted">Gateway</dt>
            <dd>{box.gateway}</dd>
          </>
        )}
      </dl>
      <ul className="mt-3 border-t border-line pt-2">
        {devices.map((device) => (
          <li key={device.id} className="flex gap-2 py-0.5">
            <span className="min-w-0 truncate">{device.name ?? device.deviceId}</span>
            <span className="ml-auto shrink-0 text-muted tabular-nums">
              {device.lastEventAt ? age(device.lastEventAt, now) : 'nothing yet'}
            </span>
          </li>
        ))}
        {devices.length === 0 && <li className="text-muted">It has listed no device.</li>}
      </ul>
    </li>
  );
}
