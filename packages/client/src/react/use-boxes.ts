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
  /**
   * In the order of the configuration. After a lost connection, the gateway tells all of them again;
   * one that is gone leaves the list with the first change after that.
   */
  readonly boxes: readonly BoxFragment[];
}

/** The boxes and the state of their links, as they change. */
export const useBoxes = (options: UseBoxesOptions = {}): LiveBoxes =>
  useStore(createBoxesStore, options);

export function createBoxesStore(client: Client, { boxIds }: UseBoxesOptions): Store<LiveBoxes> {
  /** What the connection has told. */
  let told = new Map<string, BoxFragment>();
  /** What an earlier connection has told. It stays until this one has told every box. */
  let earlier: readonly BoxFragment[] = [];
  const boxes = (): readonly BoxFragment[] => [
    ...told.values(),
    ...earlier.filter(({ id }) => !told.has(id)),
  ];
  const frame = createFrame(() => store.patch({ boxes: boxes() }));

  const beginAgain = (): void => {
    earlier = boxes();
    told = new Map();
  };

  const store = new Store<LiveBoxes>(
    { boxes: [], isLive: false, error: undefined, retry: () => store.restart() },
    () => {
      beginAgain();
      const end = follow(client, client.boxStatus({ boxIds }), {
        next: (box) => {
          // A box comes a second time when all have come once: the others are gone.
          if (told.has(box.id)) earlier = [];
          told.set(box.id, box);
          frame.request();
        },
        status: (status) => {
          if (!status.isLive) beginAgain();
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
