import { useEffect, useState } from 'react';
import type { Connection } from '../state/session.ts';

/** A connection that is back within so long, in ms, was not lost: a proxy or the gateway began anew. */
const graceMs = 2_000;

/** Since when nothing is known any more, in ms since the Unix epoch; undefined while all is known. */
export function useLost({ lostAt }: Connection): number | undefined {
  const [confirmed, setConfirmed] = useState<number>();
  useEffect(() => {
    if (lostAt === undefined) return;
    const timer = setTimeout(
      () => setConfirmed(lostAt),
      Math.max(0, lostAt + graceMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [lostAt]);
  return lostAt !== undefined && lostAt === confirmed ? lostAt : undefined;
}
