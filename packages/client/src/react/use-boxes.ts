import type { Client } from '../client.ts';
import type { BoxFragment } from '../generated/operations.ts';
import { follow, type LiveStatus } from './follow.ts';
import { createFrame } from './frame.ts';
import { Store } from './store.ts';
import { type HookOptions, useStore } from './use-store.ts';

export interface UseBoxesOptions extends HookOptions {
  /** Left out: every box; an empty list: none. */
  readonly boxIds?: readonly string[] | undefined;
}

export interface LiveBoxes extends LiveStatus {
  /** In the order of the configuration. After a lost connection, the gateway tells all of them again. */
  readonly boxes: readonly BoxFragment[];
}

/** The boxes and the state of their links, as they change. */
export const useBoxes = (options: UseBoxesOptions = {}): LiveBoxes =>
  useStore(createBoxesStore, options);

function createBoxesStore(client: Client, { boxIds }: UseBoxesOptions): Store<LiveBoxes> {
  let boxes = new Map<string, BoxFragment>();
  const frame = createFrame(() => store.patch({ boxes: [...boxes.values()] }));

  const store = new Store<LiveBoxes>(
    { boxes: [], isLive: false, error: undefined, retry: () => store.restart() },
    () => {
      // The first state of a connection begins a new list: a box may be gone since the last one.
      let isFresh = true;
      const end = follow(client, client.boxStatus({ boxIds }), {
        next: (box) => {
          if (isFresh) boxes = new Map();
          isFresh = false;
          boxes.set(box.id, box);
          frame.request();
        },
        status: (status) => {
          if (!status.isLive) isFresh = true;
          store.patch(status);
        },
      });
      return () => {
        end();
        frame.cancel();
      };
    },
  );
  return store;
}
