import type { Client, HistoryOptions } from '../client.ts';
import { ClientError } from '../errors.ts';
import type { RecognitionEventFragment } from '../generated/operations.ts';
import { newestFirst } from './newest-first.ts';
import { Store } from './store.ts';
import { type HookOptions, useStore } from './use-store.ts';

export interface UseHistoryOptions
  extends Pick<HistoryOptions, 'filter' | 'withBase64'>,
    HookOptions {
  /** How many events a page has, 1 to 500. Default 50. */
  readonly pageSize?: number | undefined;
  /** The most events of all pages together. Default 1,000. */
  readonly limit?: number | undefined;
}

export interface HistoryPages {
  /** Newest first. */
  readonly events: readonly RecognitionEventFragment[];
  /**
   * Where to subscribe `after` the newest page, so that no event is in both lists or in neither.
   * Undefined until that page is there; `reload` brings another one.
   */
  readonly cursor: string | undefined;
  /** Whether `loadMore` finds older events: the gateway keeps some, and the list is not at its limit. */
  readonly hasMore: boolean;
  /** True from the first rendering on, until the first page is there. */
  readonly isLoading: boolean;
  /** Why the page that was asked for last could not be had; the events before it stay. */
  readonly error: ClientError | undefined;
  /** Appends the next older page; after an error, does again what has failed. Does nothing while a page is loading. */
  readonly loadMore: () => void;
  /** Begins again with the newest page, which then takes the place of all events. */
  readonly reload: () => void;
}

const DEFAULT_PAGE_SIZE = 50;
const DEFAULT_LIMIT = 1000;

/**
 * The events that the gateway keeps, page by page from the newest backwards. The list does not grow
 * with what happens; `useRecognitionEvents` shows that.
 */
export const useHistory = (options: UseHistoryOptions = {}): HistoryPages =>
  useStore(createHistoryStore, options);

export function createHistoryStore(
  client: Client,
  { filter, withBase64, pageSize = DEFAULT_PAGE_SIZE, limit = DEFAULT_LIMIT }: UseHistoryOptions,
): Store<HistoryPages> {
  /** The newest query: the answers of earlier ones are of no more use. */
  let newest: { readonly kept: readonly RecognitionEventFragment[] } | undefined;

  /** @param kept what is in front of the page; none: it is the newest one. */
  const load = async (kept: readonly RecognitionEventFragment[]): Promise<void> => {
    const query = { kept };
    newest = query;
    store.patch({ isLoading: true, error: undefined });
    try {
      const page = await client.history({
        filter,
        withBase64,
        last: Math.min(pageSize, limit - kept.length),
        before: kept[kept.length - 1]?.cursor,
      });
      if (query !== newest) return;
      const events = [...kept, ...newestFirst(page.events)];
      const hasMore = page.hasPreviousPage && events.length < limit;
      const cursor = kept.length === 0 ? page.cursor : store.get().cursor;
      store.patch({ events, cursor, hasMore, isLoading: false });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (query === newest) store.patch({ isLoading: false, error });
    }
  };

  const store = new Store<HistoryPages>(
    {
      events: [],
      cursor: undefined,
      hasMore: false,
      isLoading: true,
      error: undefined,
      loadMore: () => {
        const { events, hasMore, isLoading, error } = store.get();
        if (isLoading) return;
        if (error !== undefined) void load(newest?.kept ?? []);
        else if (hasMore) void load(events);
      },
      reload: () => void load([]),
    },
    () => {
      if (newest === undefined) void load([]);
      return () => undefined;
    },
  );
  return store;
}
