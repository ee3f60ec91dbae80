import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientFault } from '../plan/fault.ts';
import type { Audience } from './audience.ts';
import { beHasty } from './hasty.ts';

/**
 * Has a fault happen to clients. Settles when it is over.
 *
 * @param url of a gateway, for clients that come and go; `token` of it, where it has tokens.
 */
export async function happenToClients(
  fault: ClientFault,
  audience: Audience,
  url: string,
  token?: string,
): Promise<void> {
  switch (fault.kind) {
    case 'clients cut off':
      for (const network of audience.networks(fault.clients)) network.cut();
      return;
    case 'clients half-open': {
      const resets = audience.networks(fault.clients).map((each) => each.halfOpen(fault.direction));
      await sleep(fault.ms);
      for (const reset of resets) reset();
      return;
    }
    case 'clients slow': {
      const networks = audience.networks(fault.clients);
      for (const network of networks) network.slow(fault.bytesPerSecond);
      await sleep(fault.ms);
      for (const network of networks) network.slow(undefined);
      return;
    }
    case 'clients hasty':
      await Promise.all(Array.from({ length: fault.connections }, () => beHasty(url, token)));
      return;
  }
}
