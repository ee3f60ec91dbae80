import { useMemo } from 'react';
import { useLocale } from 'use-intl';
import { type Times, timesIn } from './times.ts';
import { useZone } from './use-zone.ts';

export function useTimes(): Times {
  const locale = useLocale();
  const zone = useZone();
  return useMemo(() => timesIn(locale, zone), [locale, zone]);
}
