import type { Client, RecognitionEvent } from '@se5/client';
import { emptyFeed, type Feed, type FeedAction, reduceFeed } from './feed.ts';
import { type Filters, toEventFilter } from './filters.ts';
import { createFrameBatch } from './frame-batch.ts';
import { readHistory } from './read-history.ts';
import { type Row, rowsOf } from './row.ts';
import type { Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** A page of the history, in events. */
const pageSize = 50;

/** Fills a feed from the gateway, until it is closed. */
export interface FeedSource {
  /** Resolves when it follows what comes, or may not; never rejects. */
  readonly begun: Promise<void>;
  /** Reads the next older page, unless that is being done, or there is none. */
  loadOlder(): void;
  close(): void;
}

/** What a feed shows. */
export interface Shown {
  readonly filters: Filters;
  /** The time from which on it goes back, in ISO 8601; undefined: it begins with what comes. */
  readonly until?: string | undefined;
}

/** Begins with the newest of the history, and goes on with what comes unless it has an end. */
export function openFeedSource(
  client: Client,
  { filters, until }: Shown,
  feed: Store<Feed>,
): FeedSource {
  const filter = { ...toEventFilter(filters), ...(until !== undefined && { to: until }) };
  let closed = false;
  let stop = () => {};
  feed.set({ ...emptyFeed, held: feed.get().held });

  const dispatch = (action: FeedAction): void => {
    if (!closed) feed.set(reduceFeed(feed.get(), action));
  };
  const rowsFrom = (events: readonly RecognitionEvent[]): readonly Row[] =>
    events.toReversed().flatMap((event) => rowsOf(withAddresses(client, event)));
  const batch = createFrameBatch<RecognitionEvent>((events) =>
    dispatch({ type: 'received', rows: rowsFrom(events) }),
  );

  const load = async (before?: string) => {
    const behind = feed.get().rows.at(-1)?.key;
    dispatch({ type: 'older wanted' });
    const page = await readHistory(client, { filter, before, last: pageSize });
    if (typeof page === 'string') {
      dispatch({ type: 'older failed' });
    } else {
      const { events, hasPreviousPage: hasMore } = page;
      dispatch({ type: 'older received', behind, rows: rowsFrom(events), hasMore });
    }
    return page;
  };
  const begin = async () => {
    const page = await load();
    if (closed || page === 'refused' || until !== undefined) return;
    const after = page === 'none' ? undefined : page.cursor;
    const events = client.recognitionEvents({ withImages: true, filter, after });
    // The connection's state, which the page shows, says what the stream's error would say again.
    stop = events.subscribe({ next: batch.push, error() {} });
  };

  return {
    begun: begin(),
    loadOlder() {
      const { rows, older } = feed.get();
      if (older !== 'more' && older !== 'failed') return;
      void load(rows.findLast((row) => row.kind === 'event')?.event.cursor);
    },
    close() {
      closed = true;
      stop();
      batch.cancel();
    },
  };
}
