import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** Between two looks while nothing happens, in ms: a timer of a test may have made the condition true. */
const LOOK_MS = 5;

/** Settles in the turn of the event loop in which the condition holds; the test's time-out bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

/** What is found by looking again and again, also at other processes; the test's time-out bounds it. */
export async function found<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    await nextTurn();
  }
}

/** Settles when something has happened. Meanwhile the processor is free for what the test waits for. */
function nextTurn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // clock: how soon a look follows when nothing happens; no verdict depends on it.
  const timer = setTimeout(done, LOOK_MS);
  // Without a reference the event loop sleeps until something happens, and runs this after it.
  const immediate = setImmediate(done).unref();
  function done(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    resolve();
  }
  return promise;
}
