import type { Client, RecognitionEventsOptions } from '../client.ts';
import type { GapFragment, RecognitionEventFragment } from '../generated/operations.ts';
import { follow, type LiveStatus } from './follow.ts';
import { createFrame } from './frame.ts';
import { newestFirst } from './newest-first.ts';
import { Store } from './store.ts';
import { type HookOptions, useStore } from './use-store.ts';

export interface UseRecognitionEventsOptions extends RecognitionEventsOptions, HookOptions {
  /** The most events that are kept; the oldest go. Default 100. */
  readonly limit?: number | undefined;
}

export interface LiveRecognitionEvents extends LiveStatus {
  /** Newest first. */
  readonly events: readonly RecognitionEventFragment[];
  /** The `gapsBefore` of these events, newest first. */
  readonly gaps: readonly GapFragment[];
  /** Empties the list; what comes next is still shown. The same function at each rendering. */
  readonly clear: () => void;
}

const DEFAULT_LIMIT = 100;

/**
 * Recognitions as they come: each once, over lost connections and restarts of the gateway. Events
 * that come together are rendered together, once a frame. Other options begin a new list. A
 * component that was hidden goes on after the newest event that it had.
 */
export const useRecognitionEvents = (
  options: UseRecognitionEventsOptions = {},
): LiveRecognitionEvents => useStore(createEventsStore, options);

function createEventsStore(
  client: Client,
  { limit = DEFAULT_LIMIT, throwErrors: _, ...options }: UseRecognitionEventsOptions,
): Store<LiveRecognitionEvents> {
  let { after } = options;
  /** Not rendered yet, oldest first. */
  let pending: RecognitionEventFragment[] = [];
  const frame = createFrame(() => show());

  const store = new Store<LiveRecognitionEvents>(
    {
      events: [],
      gaps: [],
      isLive: false,
      error: undefined,
      clear: () => {
        pending = [];
        store.patch({ events: [], gaps: [] });
      },
      retry: () => store.restart(),
    },
    () => {
      const end = follow(client, client.recognitionEvents({ ...options, after }), {
        next: (event) => {
          after = event.cursor;
          pending.push(event);
          if (pending.length > limit) pending.shift();
          frame.request();
        },
        status: (status) => store.patch(status),
      });
      return () => {
        end();
        frame.cancel();
        show();
      };
    },
  );

  const show = (): void => {
    if (pending.length === 0) return;
    const events = [...newestFirst(pending), ...store.get().events].slice(0, limit);
    pending = [];
    store.patch({ events, gaps: events.flatMap(({ gapsBefore }) => newestFirst(gapsBefore)) });
  };
  return store;
}
