import type { Box } from '@se5/client';
import { fullTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { linkLooks } from './link-looks.ts';

/** All that is known of the link to a box. */
export function BoxDetails({ box: { name, site, link, gateway } }: { box: Box }) {
  const zone = useZone();
  return (
    <>
      <p className="font-semibold">{name}</p>
      <p className="text-muted">{site.name}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-muted">Link</dt>
        <dd>
          {linkLooks[link.state].word} since {fullTime(link.since, zone)}
        </dd>
        {gateway !== null && (
          <>
            <dt className="text-muted">Gateway</dt>
            <dd>{gateway}</dd>
          </>
        )}
        <dt className="text-muted">Last event</dt>
        <dd>{link.lastEventAt ? fullTime(link.lastEventAt, zone) : 'none yet'}</dd>
        {link.clockOffsetMs !== null && (
          <>
            <dt className="text-muted">Clock</dt>
            <dd>{clockOffset(link.clockOffsetMs)}</dd>
          </>
        )}
        {link.lastError && (
          <>
            <dt className="text-muted">Last error</dt>
            <dd className="break-words">{link.lastError}</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** Below a second, latency and the clocks' own jitter say more than the offset does. */
function clockOffset(ms: number): string {
  if (Math.abs(ms) < 1_000) return 'agrees with ours';
  return `${(Math.abs(ms) / 1_000).toFixed(1)} s ${ms > 0 ? 'ahead of' : 'behind'} ours`;
}
