import type { RecognitionEvent } from '@se5/client';
import { useEffect, useState } from 'react';
import type { GatewaySession } from '../state/session.ts';

export type Selection =
  | { readonly kind: 'none' | 'loading' | 'missing' }
  | { readonly kind: 'event'; readonly event: RecognitionEvent };

/**
 * The event that is chosen: the one that was clicked, or what the gateway has by the id in the
 * page's address.
 *
 * @param isLive whether the gateway can be asked.
 */
export function useSelection(
  session: GatewaySession,
  id: string | undefined,
  isLive: boolean,
): readonly [Selection, (event: RecognitionEvent) => void] {
  const [event, setEvent] = useState<RecognitionEvent>();
  const [missing, setMissing] = useState<string>();
  const isKnown = id === undefined || event?.id === id || missing === id;
  useEffect(() => {
    if (isKnown || !isLive) return;
    let wanted = true;
    void session.eventById(id).then((found) => {
      if (!wanted) return;
      if (found) setEvent(found);
      else setMissing(id);
    });
    return () => {
      wanted = false;
    };
  }, [session, id, isKnown, isLive]);
  return [selectionOf(id, event, missing), setEvent];
}

function selectionOf(
  id: string | undefined,
  event: RecognitionEvent | undefined,
  missing: string | undefined,
): Selection {
  if (id === undefined) return { kind: 'none' };
  if (event?.id === id) return { kind: 'event', event };
  return { kind: missing === id ? 'missing' : 'loading' };
}
