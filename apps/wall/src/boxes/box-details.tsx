import type { Box } from '@se5/client';
import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';

/** All that is known of the link to a box. */
export function BoxDetails({ box: { name, site, link, gateway } }: { box: Box }) {
  const t = useTranslations('boxes');
  const times = useTimes();
  return (
    <>
      <p className="font-semibold">{name}</p>
      <p className="text-muted">{site.name}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-muted">{t('link')}</dt>
        <dd>{t('since', { state: t(link.state), time: times.full(link.since) })}</dd>
        {gateway !== null && (
          <>
            <dt className="text-muted">{t('gateway')}</dt>
            <dd>{gateway}</dd>
          </>
        )}
        <dt className="text-muted">{t('lastEvent')}</dt>
        <dd>{link.lastEventAt ? times.full(link.lastEventAt) : t('noEvent')}</dd>
        {link.clockOffsetMs !== null && (
          <>
            <dt className="text-muted">{t('clock')}</dt>
            <dd>
              <ClockOffset ms={link.clockOffsetMs} />
            </dd>
          </>
        )}
        {link.lastError && (
          <>
            <dt className="text-muted">{t('lastError')}</dt>
            <dd dir="auto" className="break-words">
              {link.lastError}
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

/** Below a second, latency and the clocks' own jitter say more than the offset does. */
function ClockOffset({ ms }: { ms: number }) {
  const t = useTranslations('boxes');
  const times = useTimes();
  if (Math.abs(ms) < 1_000) return t('clockAgrees');
  return t(ms > 0 ? 'clockAhead' : 'clockBehind', { offset: times.seconds(Math.abs(ms)) });
}
