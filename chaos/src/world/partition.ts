import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from './tcp-proxy.ts';

/** How nothing comes through a network. */
export type Partition =
  /** Connections are reset, and new ones too. */
  | 'refused'
  /** Nothing is answered. Then all that was said comes through, late. */
  | 'stalled'
  /** The same, and then the connections are reset. */
  | 'stalled and cut off';

/** What a network held back has come when it has let it through for so long, in ms. */
const DELIVERED_MS = 500;

/** Nothing comes through these networks for so long. Settles when it does again. */
export async function part(
  networks: readonly TcpProxy[],
  how: Partition,
  ms: number,
): Promise<void> {
  const ends = networks.map((network) => (how === 'refused' ? network.refuse() : network.stall()));
  await sleep(ms);
  for (const end of ends) end();
  if (how !== 'stalled and cut off') return;
  await sleep(DELIVERED_MS);
  for (const network of networks) network.cut();
}
