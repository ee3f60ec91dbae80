import { useEffect, useState } from 'react';
import type { Filters } from '../state/filters.ts';
import type { HourCount } from '../state/hour-count.ts';
import type { GatewaySession } from '../state/session.ts';
import { boundsOf, type Day } from './day.ts';

/** How much each hour of the day has that matches; undefined while that is not known. */
export function useHours(
  session: GatewaySession,
  filters: Filters,
  day: Day,
  zone: string,
): readonly HourCount[] | undefined {
  const [hours, setHours] = useState<readonly HourCount[]>();
  useEffect(() => {
    let wanted = true;
    setHours(undefined);
    void session.countByHour(filters, boundsOf(day, zone), zone).then((counts) => {
      if (wanted) setHours(counts);
    });
    return () => {
      wanted = false;
    };
  }, [session, filters, day, zone]);
  return hours;
}
