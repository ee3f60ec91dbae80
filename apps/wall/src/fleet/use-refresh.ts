import { useEffect } from 'react';
import type { GatewaySession } from '../state/session.ts';

/** When somebody was last seen is told by no subscription; in ms. */
const everyMs = 10_000;

/** Asks for all sites, boxes and devices anew as long as they are looked at. */
export function useRefresh({ refresh }: GatewaySession): void {
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, everyMs);
    return () => clearInterval(timer);
  }, [refresh]);
}
