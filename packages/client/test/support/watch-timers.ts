import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** By the ids that Node gives them. */
type Timers = Map<number, NodeJS.Timeout>;

/** What `use` starts and all that follows from it, whatever else the process does meanwhile. */
const watched = new AsyncLocalStorage<Timers>();

/**
 * Gives `use` a count of the timers that it and all that follows from it have started, and that
 * still keep the process alive.
 */
export async function watchTimers(
  use: (running: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const timers: Timers = new Map();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type === 'Timeout') watched.getStore()?.set(id, resource as NodeJS.Timeout);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  const running = async () => {
    // Node tells of timers that have ended at the end of a turn.
    await nextTurn();
    return [...timers.values()].filter((timer) => timer.hasRef()).length;
  };
  try {
    await watched.run(timers, () => use(running));
  } finally {
    hook.disable();
  }
}
