import type { Gap } from '@se5/client';
import { Folding, type Sightings } from './fold.ts';
import type { Row } from './row.ts';

/** A line of the stream, as it is shown. */
export type Line =
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'gap'; readonly key: string; readonly gap: Gap }
  | { readonly kind: 'sightings'; readonly key: string; readonly sightings: Sightings };

/** Newest first: each day's name stands above its lines. @param rows newest first. */
export function linesOf(rows: readonly Row[], dayOf: (time: string) => string): readonly Line[] {
  const lines: Line[] = [];
  let folding = new Folding();
  let day: string | undefined;
  for (const row of rows) {
    if (row.kind === 'gap') {
      lines.push(row);
      continue;
    }
    const itsDay = dayOf(row.event.occurredAt);
    if (itsDay !== day) {
      day = itsDay;
      lines.push({ kind: 'day', key: `day/${day}/${row.key}`, day });
      folding = new Folding();
    }
    const sightings = folding.add(row.event);
    if (sightings) lines.push({ kind: 'sightings', key: row.key, sightings });
  }
  return lines;
}

/** Whether the line shows the event with this id. */
export const showsEvent = (line: Line, id: string | undefined): boolean =>
  line.kind === 'sightings' && line.sightings.some((event) => event.id === id);
