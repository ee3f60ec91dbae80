import type { Alarm, AlarmId } from '../alarm/alarm.ts';
import type { AlarmPage, AlarmQuery } from '../alarm/alarm-query.ts';
import type { Position } from '../journal.ts';
import { noneIfUnreadable, type Part } from './joined-history.ts';

/**
 * One page of the alarms of journals whose positions follow each other, oldest first. A part that
 * can't be read is left out. No alarm is in two of them.
 */
export async function joinedAlarms(
  parts: readonly Part[],
  query: AlarmQuery,
  signal: AbortSignal | undefined,
): Promise<AlarmPage> {
  const newest = (parts.at(-1)?.last ?? 0) as Position;
  const alarms: Alarm[] = [];
  const { after = 0, before = Infinity } = query;
  for (const { journal, first, last } of query.order === 'opened' ? parts.toReversed() : parts) {
    const missing = query.count - alarms.length;
    // What is complete may have more in the next part.
    const page = await journal
      .alarms(
        {
          ...query,
          // What comes from memory into the file meanwhile is in both.
          after: Math.max(after, first - 1) as Position,
          before: Math.min(before, last + 1) as Position,
          count: Math.max(missing, 1),
        },
        signal,
      )
      .catch(noneIfUnreadable);
    if (!page) continue;
    if (missing <= 0) {
      if (page.alarms.length > 0) return { alarms, isMore: true, newest };
      continue;
    }
    alarms.push(...page.alarms);
    if (page.isMore) return { alarms, isMore: true, newest };
  }
  return { alarms, isMore: false, newest };
}

export async function joinedAlarm(parts: readonly Part[], id: AlarmId): Promise<Alarm | undefined> {
  for (const { journal } of parts.toReversed()) {
    const found = await journal.alarm(id).catch(noneIfUnreadable);
    if (found) return found;
  }
  return undefined;
}
