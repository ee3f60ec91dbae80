import { setImmediate as nextTurn } from 'node:timers/promises';

/** Settles in the turn of the event loop in which the condition holds; the test's time-out bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}
