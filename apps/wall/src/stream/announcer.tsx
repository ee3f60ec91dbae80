import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Row } from '../state/row.ts';
import { summary } from './summary.ts';

/** A screen reader can follow a summary, not fifty cards a second. */
const everyMs = 10_000;

/** Says politely, now and then, how much has come since the last time. */
export function Announcer({ rows }: { rows: readonly Row[] }) {
  const t = useTranslations();
  const format = useFormatter();
  const latest = useRef(rows);
  const [text, setText] = useState('');
  const say = useEffectEvent((fresh: readonly Row[]) =>
    setText(format.list(summary(fresh, t), { type: 'unit' })),
  );
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    let seen = latest.current[0]?.key;
    const timer = setInterval(() => {
      const at = latest.current.findIndex((row) => row.key === seen);
      const fresh = at === -1 ? latest.current : latest.current.slice(0, at);
      seen = latest.current[0]?.key;
      if (fresh.length > 0) say(fresh);
    }, everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
