import { useEffect } from 'react';
import type { GatewaySession } from '../state/session.ts';
import type { View } from '../state/view.ts';
import { useNow } from '../ui/use-now.ts';
import { boundsOf, type Day, dayAt } from './day.ts';

/** Fills the session's feed with the history, from the chosen time back. @returns the day. */
export function useHistory(
  session: GatewaySession,
  { page, filters, day: chosen, until }: View,
  zone: string,
): Day {
  const today = dayAt(useNow(60_000), zone);
  const day = chosen ?? today;
  const isShown = page === 'history';
  useEffect(() => {
    if (isShown) session.show({ filters, until: until ?? boundsOf(day, zone).to });
  }, [session, isShown, filters, day, until, zone]);
  return day;
}
