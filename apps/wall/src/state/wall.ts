import type { Row } from './row.ts';

/** How many rows are kept; the oldest go. A row is about 2 KB, and pictures are the browser's to keep. */
export const maxRows = 2_000;

/**
 * What has come, newest first. While paused, what comes waits beside the rows that are
 * being read; both are bounded by `maxRows`.
 */
export interface Wall {
  readonly rows: readonly Row[];
  readonly waiting: readonly Row[];
  readonly paused: boolean;
  /** Whether older rows had to go. */
  readonly trimmed: boolean;
}

export const emptyWall: Wall = { rows: [], waiting: [], paused: false, trimmed: false };

export type WallAction =
  /** `rows` newest first. */
  | { readonly type: 'received'; readonly rows: readonly Row[] }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' };

function prepend(newer: readonly Row[], older: readonly Row[]): readonly Row[] {
  return newer.length >= maxRows
    ? newer.slice(0, maxRows)
    : [...newer, ...older.slice(0, maxRows - newer.length)];
}

export function reduceWall(wall: Wall, action: WallAction): Wall {
  switch (action.type) {
    case 'received': {
      if (action.rows.length === 0) return wall;
      const target = wall.paused ? wall.waiting : wall.rows;
      const trimmed = wall.trimmed || action.rows.length + target.length > maxRows;
      const grown = prepend(action.rows, target);
      return wall.paused ? { ...wall, waiting: grown, trimmed } : { ...wall, rows: grown, trimmed };
    }
    case 'paused':
      return wall.paused ? wall : { ...wall, paused: true };
    case 'resumed':
      return wall.paused
        ? {
            rows: prepend(wall.waiting, wall.rows),
            waiting: [],
            paused: false,
            trimmed: wall.trimmed || wall.waiting.length + wall.rows.length > maxRows,
          }
        : wall;
  }
}
