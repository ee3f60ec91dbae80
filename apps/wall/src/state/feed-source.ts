import type { Client, RecognitionEvent } from '@se5/client';
import { emptyFeed, type Feed, reduceFeed } from './feed.ts';
import { type Filters, toEventFilter } from './filters.ts';
import { createFrameBatch } from './frame-batch.ts';
import { type Row, rowsOf } from './row.ts';
import type { Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** A page of the history, in events. */
const pageSize = 50;

/** Fills a feed from the gateway, until it is closed. */
export interface FeedSource {
  /** Reads the next older page, unless that is being done, or there is none. */
  loadOlder(): void;
  close(): void;
}

/** Begins with the newest of the history that match the filters, and goes on with what comes. */
export function openFeedSource(client: Client, filters: Filters, feed: Store<Feed>): FeedSource {
  const filter = toEventFilter(filters);
  let closed = false;
  let stop = () => {};
  feed.set({ ...emptyFeed, held: feed.get().held });

  const dispatch: (action: Parameters<typeof reduceFeed>[1]) => void = (action) => {
    if (!closed) feed.set(reduceFeed(feed.get(), action));
  };
  const rowsFrom = (events: readonly RecognitionEvent[]): readonly Row[] =>
    events.toReversed().flatMap((event) => rowsOf(withAddresses(client, event)));
  const batch = createFrameBatch<RecognitionEvent>((events) =>
    dispatch({ type: 'received', rows: rowsFrom(events) }),
  );

  /** @returns where to go on behind it; undefined when it could not be read. */
  const load = async (before?: string): Promise<string | undefined> => {
    dispatch({ type: 'older wanted' });
    try {
      const { events, hasPreviousPage, cursor } = await client.history({
        ...{ filter, before },
        last: pageSize,
      });
      dispatch({ type: 'older received', rows: rowsFrom(events), hasMore: hasPreviousPage });
      return cursor;
    } catch {
      // The gateway is away, as its connection says, or it has no history for this role.
      dispatch({ type: 'older failed' });
      return undefined;
    }
  };
  const begin = async () => {
    const after = await load();
    if (closed) return;
    const events = client.recognitionEvents({ withImages: true, filter, after });
    // The connection's state, which the page shows, says what the stream's error would say again.
    stop = events.subscribe({ next: batch.push, error() {} });
  };
  void begin();

  return {
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
