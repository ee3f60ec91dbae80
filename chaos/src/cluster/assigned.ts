import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayHost } from '../world/gateway-host.ts';

/** Between two questions, in ms. */
const ASK_MS = 200;

/**
 * Settles when all gateways know each other, and each box has one of them that listens to it. Each
 * gateway then has some: their names and those of the boxes are chosen so.
 *
 * @throws {Error} with how many boxes each has, when the signal aborts first.
 */
export async function assigned(
  gateways: readonly GatewayHost[],
  boxes: number,
  signal: AbortSignal,
): Promise<void> {
  const ask = (metric: string) =>
    Promise.all(gateways.map((gateway) => gateway.metric(metric, signal)));
  let has: readonly number[] = [];
  try {
    for (;;) {
      const knows = await ask('se5_cluster_gateways');
      has = await ask('se5_cluster_boxes');
      const isComplete = knows.every((count) => count === gateways.length);
      const sum = has.reduce((total, count) => total + count, 0);
      if (isComplete && sum === boxes && !has.includes(0)) return;
      await sleep(ASK_MS, undefined, { signal });
    }
  } catch (cause) {
    throw new Error(`the gateways have ${has.join(' + ')} of ${boxes} boxes`, { cause });
  }
}
