import { useEffect, useRef, useState } from 'react';
import type { Row } from '../state/row.ts';
import { summary } from './summary.ts';

/** A screen reader can follow a summary, not fifty cards a second. */
const everyMs = 10_000;

/** Says politely, now and then, how much has come since the last time. */
export function Announcer({ rows }: { rows: readonly Row[] }) {
  const latest = useRef(rows);
  const [text, setText] = useState('');
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    let seen = latest.current[0]?.key;
    const timer = setInterval(() => {
      const at = latest.current.findIndex((row) => row.key === seen);
      const fresh = at === -1 ? latest.current : latest.current.slice(0, at);
      seen = latest.current[0]?.key;
      if (fresh.length > 0) setText(summary(fresh));
    }, everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
