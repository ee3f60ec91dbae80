import type { Box, Client } from '@se5/client';

/**
 * Settles when every box is listened to, and what can be read back of each has been.
 *
 * @param wasLost whether the link to the box was ever lost: then something is read back.
 * @throws {Error} that says what is missing, when the signal aborts first.
 */
export async function settled(
  client: Client,
  boxIds: readonly string[],
  wasLost: (boxId: string) => boolean,
  signal: AbortSignal,
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
      const why = unsettled(box, wasLost(box.id));
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

function unsettled({ link, backfill }: Box, wasLost: boolean): string | undefined {
  if (link.state !== 'LIVE' && link.state !== 'SILENT') return `its link is ${link.state}`;
  if (!wasLost) return undefined;
  if (!backfill) return 'nothing has been read back yet';
  if (backfill.state === 'RUNNING') return 'something is being read back';
  const isOld = Date.parse(backfill.to) < Date.parse(link.since);
  return isOld ? 'its last outage has not been read back' : undefined;
}
