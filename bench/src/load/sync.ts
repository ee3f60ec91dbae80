import { setTimeout as delay } from 'node:timers/promises';
import type { Audience } from './audience.ts';
import type { Sender } from './sender.ts';

/** For operations that have just been sent to come into force, in ms. */
const SETTLE_MS = 100;

/** Without a delivery for so long, in ms, no more will come: even a busy machine is not that slow. */
const SILENCE_MS = 2_000;
const POLL_MS = 5;
const MAX_PASSES = 15;

/**
 * Settles when all subscriptions are in force. The protocol has no word for it, so all prepared
 * events are sent until each of them reaches all who want it, and nobody else.
 */
export async function synchronise(audience: Audience, sender: Sender): Promise<void> {
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    await delay(SETTLE_MS);
    audience.check();
    audience.tally.begin(false);
    sender.begin();
    do {
      sender.send(1);
      await allArrived(audience, sender);
    } while (sender.events < sender.variety && audience.tally.total === sender.deliveries);
    // What comes now was not expected.
    await delay(SETTLE_MS);
    if (audience.tally.total === sender.deliveries) return;
  }
  throw new Error(
    `of ${sender.deliveries} deliveries to new subscribers, ${audience.tally.total} came`,
  );
}

/** Settles when all has arrived, or nothing does any more. */
async function allArrived({ tally }: Audience, { deliveries }: Sender): Promise<void> {
  let total = tally.total;
  let since = performance.now();
  while (tally.total < deliveries && performance.now() - since < SILENCE_MS) {
    await delay(POLL_MS);
    if (tally.total === total) continue;
    total = tally.total;
    since = performance.now();
  }
}
