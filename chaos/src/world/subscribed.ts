import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayHost } from './gateway-host.ts';

/** Between two questions how many there are, in ms. */
const ASK_MS = 100;

/**
 * Settles when so many subscriptions are open, on all gateways together.
 *
 * @throws {Error} with how many there are, when the signal aborts first.
 */
export async function subscribed(
  gateways: readonly GatewayHost[],
  count: number,
  signal: AbortSignal,
): Promise<void> {
  let open: readonly number[] = [];
  try {
    for (;;) {
      open = await Promise.all(
        gateways.map((gateway) => gateway.metric('se5_subscribers', signal)),
      );
      if (open.reduce((sum, each) => sum + each, 0) === count) return;
      await sleep(ASK_MS, undefined, { signal });
    }
  } catch (cause) {
    throw new Error(`${open.join(' + ')} subscriptions are open for ${count} clients`, { cause });
  }
}
