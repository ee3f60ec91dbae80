import type { Box, Client } from '@se5/client';
import type { TrueTime } from './verdict/true-times.ts';

/** The end of an outage and the beginning of its link are one instant, rounded twice; in ms. */
const ROUNDING_MS = 100;

/**
 * Settles when every box is listened to, and what can be read back of each has been.
 *
 * @param trueTime when the gateway's clock showed a time.
 * @param mayBeWhole a box may have been in reach all the time: then nothing is to be read back.
 * @throws {Error} that says what is missing, when the signal aborts first.
 */
export async function settled(
  client: Client,
  boxIds: readonly string[],
  trueTime: TrueTime,
  signal: AbortSignal,
  mayBeWhole = false,
): Promise<void> {
  const waiting = new Map(boxIds.map((id) => [id, 'nothing is known of it']));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = () => {
    const boxes = [...waiting].map(([id, why]) => `${id}: ${why}`);
    reject(new Error(`the boxes did not settle (${boxes.join('; ')})`));
  };
  signal.addEventListener('abort', fail, { once: true });
  const stop = client.boxStatus().subscribe({
    next: (box) => {
      const why = unsettled(box, trueTime, mayBeWhole);
      if (why === undefined) waiting.delete(box.id);
      else waiting.set(box.id, why);
      if (waiting.size === 0) resolve();
    },
    error: reject,
  });
  try {
    await promise;
  } finally {
    stop();
    signal.removeEventListener('abort', fail);
  }
}

function unsettled(
  { link, backfill }: Box,
  trueTime: TrueTime,
  mayBeWhole: boolean,
): string | undefined {
  if (link.state !== 'LIVE') return `its link is ${link.state}`;
  if (!backfill) return mayBeWhole ? undefined : 'nothing has been read back yet';
  if (backfill.state === 'RUNNING') return 'something is being read back';
  const isOld = trueTime(Date.parse(backfill.to)) < trueTime(Date.parse(link.since)) - ROUNDING_MS;
  return isOld ? 'its last outage has not been read back' : undefined;
}
