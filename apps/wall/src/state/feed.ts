import type { Row } from './row.ts';

/** Rows that what comes may grow to. A row is about 2 KB, and pictures are the browser's to keep. */
export const maxLiveRows = 2_000;

/** Rows that the reader may page back to; further back lead only the filters. */
export const maxRows = 10_000;

/**
 * `unknown`: the gateway has not told yet. `more`: its history goes on. `failed`: it could not be
 * read. `bound`: it goes on, but here is no room for more.
 */
export type Older = 'unknown' | 'more' | 'loading' | 'failed' | 'none' | 'bound';

/**
 * What matches the filters, newest first. While it is held, what comes waits beside the rows that
 * are being read.
 */
export interface Feed {
  readonly rows: readonly Row[];
  /** Bounded by `maxLiveRows`. */
  readonly waiting: readonly Row[];
  readonly held: boolean;
  readonly older: Older;
}

export const emptyFeed: Feed = { rows: [], waiting: [], held: false, older: 'unknown' };

export type FeedAction =
  /** `rows` newest first. */
  | { readonly type: 'received'; readonly rows: readonly Row[] }
  | { readonly type: 'held' | 'released' }
  /** What waits is shown; what comes next waits again. */
  | { readonly type: 'caught up' }
  | { readonly type: 'older wanted' | 'older failed' }
  /** `rows` newest first, none newer than those that are there. */
  | {
      readonly type: 'older received';
      /** The key of the last row when they were asked for; undefined: there was none. */
      readonly behind: string | undefined;
      readonly rows: readonly Row[];
      readonly hasMore: boolean;
    };

export function reduceFeed(feed: Feed, action: FeedAction): Feed {
  switch (action.type) {
    case 'received': {
      if (action.rows.length === 0) return feed;
      if (!feed.held) return prepend(action.rows, feed);
      const waiting = [...action.rows, ...feed.waiting];
      // Whoever catches up finds the rest in the history.
      return { ...feed, waiting: waiting.slice(0, maxLiveRows) };
    }
    case 'held':
      return feed.held ? feed : { ...feed, held: true };
    case 'released':
      return feed.held ? { ...caughtUp(feed), held: false } : feed;
    case 'caught up':
      return caughtUp(feed);
    case 'older wanted':
      return { ...feed, older: 'loading' };
    case 'older failed':
      return { ...feed, older: 'failed' };
    case 'older received': {
      // The rows have changed their end meanwhile: these would leave a hole, and are asked for again.
      if (action.behind !== feed.rows.at(-1)?.key) return { ...feed, older: 'more' };
      const known = new Set([...feed.waiting, ...feed.rows].map(({ key }) => key));
      const older = action.rows.filter(({ key }) => !known.has(key));
      const rows = [...feed.rows, ...older].slice(0, maxRows);
      if (!action.hasMore) return { ...feed, rows, older: 'none' };
      return { ...feed, rows, older: rows.length < maxRows ? 'more' : 'bound' };
    }
  }
}

const caughtUp = (feed: Feed): Feed =>
  feed.waiting.length === 0 ? feed : { ...prepend(feed.waiting, feed), waiting: [] };

/** The oldest rows go, and can be had again from the history. */
function prepend(newer: readonly Row[], feed: Feed): Feed {
  const rows = [...newer, ...feed.rows];
  if (rows.length <= maxLiveRows) return { ...feed, rows };
  return { ...feed, rows: rows.slice(0, maxLiveRows), older: 'more' };
}
