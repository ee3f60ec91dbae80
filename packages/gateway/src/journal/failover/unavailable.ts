import type { BoxId } from '../../config/ids.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { Gap } from '../gap.ts';
import type { JournalRecord, Position } from '../journal.ts';

/** What passed the file by, since a time by our clock. */
export const gapSince = (from: number | null): Gap => ({
  reason: 'JOURNAL_UNAVAILABLE',
  from,
  to: null,
  boxId: null,
  count: null,
});

export const gapAt = (position: number, gap: Gap): JournalRecord => ({
  kind: 'gap',
  position: position as Position,
  gap,
});

/**
 * What boxes said before a process that began without the file: when they were heard last stands
 * in the file, and so they were not asked for it.
 */
export const unasked = (settled: ReadonlyMap<BoxId, NotedTime>, to: number): Gap => ({
  ...gapSince(Math.min(...settled.values().map(({ at }) => at))),
  to,
});
