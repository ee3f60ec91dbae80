import { useEffect, useState } from 'react';
import type { GatewaySession } from '../state/session.ts';

export interface FeedHolds {
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  /** Told whether somebody uses the list. */
  readonly setInUse: (inUse: boolean) => void;
}

/** Holds the feed while it is paused or in use. */
export function useHeldFeed(session: GatewaySession): FeedHolds {
  const [paused, setPaused] = useState(false);
  const [inUse, setInUse] = useState(false);
  useEffect(() => session.hold(paused || inUse), [session, paused, inUse]);
  return { paused, setPaused, setInUse };
}
