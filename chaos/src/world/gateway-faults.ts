import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayFault } from '../plan/fault.ts';
import { erase } from './erase.ts';
import { PERSONS } from './persons.ts';
import type { World } from './world.ts';

/**
 * Has a fault happen to the gateway. Settles when it is over.
 *
 * @param signal ends the wait for a gateway that does not do as it is asked.
 */
export async function happenToGateway(
  fault: GatewayFault,
  { gateway, journal, erasureSocket, timeline }: World,
  signal: AbortSignal,
): Promise<void> {
  switch (fault.kind) {
    case 'gateway killed':
      return gateway.kill(fault.downMs);
    case 'gateway restarted':
      return gateway.restart(fault.downMs);
    case 'disk full':
      return gateway.fillDisk(fault.ms);
    case 'machine clock set':
      await gateway.setClock(fault.aheadMs);
      await sleep(fault.ms);
      return gateway.setClock(0);
    case 'journal restored': {
      const copy = await journal.backUp();
      await sleep(fault.ms);
      return gateway.restore(copy, fault);
    }
    case 'person erased': {
      const note = (why: string) => timeline.note(`person erased: asked again: ${why}`);
      return erase(erasureSocket, identityOf(fault), signal, note);
    }
  }
}

function identityOf({ person }: { readonly person: number }): string {
  const found = PERSONS[person];
  if (!found) throw new RangeError(`there is no person ${person}`);
  return found.identityId;
}
