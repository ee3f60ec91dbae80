import { useEffect, useRef, useState } from 'react';
import type { Row } from '../state/row.ts';

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

function summary(rows: readonly Row[]): string {
  const events = rows.filter((row) => row.kind === 'event');
  const alarms = events.filter((row) => row.event.personType === 'BLACKLIST').length;
  const gaps = rows.length - events.length;
  return [
    `${events.length} new recognitions`,
    alarms > 0 ? `${alarms} on the blacklist` : '',
    gaps > 0 ? `${gaps} gaps` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
