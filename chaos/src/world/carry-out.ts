import { setTimeout as sleep } from 'node:timers/promises';
import type { Audience } from '../clients/audience.ts';
import { beHasty } from '../clients/hasty.ts';
import type { PlannedFault } from '../plan/fault.ts';
import { erase } from './erase.ts';
import { PERSONS } from './persons.ts';
import type { SimulatedBox } from './simulated-box.ts';
import type { World } from './world.ts';

/** What a network held back has come when it has let it through for so long, in ms. */
const DELIVERED_MS = 500;

/** A fault that has happened; ms since the Unix epoch. */
export interface Trouble {
  readonly fault: PlannedFault;
  readonly from: number;
  readonly to: number;
}

/**
 * Has a fault happen, when it is time. Settles when it is over.
 *
 * @param signal ends the wait for a gateway that does not do as it is asked.
 */
export async function carryOut(
  fault: PlannedFault,
  world: World,
  audience: Audience,
  signal: AbortSignal,
): Promise<Trouble> {
  await sleep(fault.at);
  const from = Date.now();
  const { timeline } = world;
  const name = nameOf(fault, world);
  timeline.note(name);
  await happen(fault, world, audience, signal);
  if ('ms' in fault || fault.kind === 'person erased') timeline.note(`${name}: over`);
  return { fault, from, to: Date.now() };
}

async function happen(
  fault: PlannedFault,
  world: World,
  audience: Audience,
  signal: AbortSignal,
): Promise<void> {
  switch (fault.kind) {
    case 'gateway killed':
      return world.gateway.kill(fault.downMs);
    case 'gateway restarted':
      return world.gateway.restart(fault.downMs);
    case 'disk full':
      return world.gateway.fillDisk(fault.ms);
    case 'machine clock set':
      await world.gateway.setClock(fault.aheadMs);
      await sleep(fault.ms);
      return world.gateway.setClock(0);
    case 'journal restored': {
      const copy = await world.journal.backUp();
      await sleep(fault.ms);
      return world.gateway.restore(copy, fault);
    }
    case 'person erased': {
      const note = (why: string) => world.timeline.note(`person erased: asked again: ${why}`);
      return erase(world.erasureSocket, identityOf(fault), signal, note);
    }
    case 'box restarted':
      return boxOf(fault, world).restart(fault.downMs);
    case 'box cut off':
      return boxOf(fault, world).events.cut();
    case 'box half-open': {
      const reset = boxOf(fault, world).events.halfOpen(fault.direction);
      await sleep(fault.ms);
      return reset();
    }
    case 'box stalled': {
      const box = boxOf(fault, world);
      const release = box.stall();
      await sleep(fault.ms);
      release();
      if (!fault.isCutOff) return;
      await sleep(DELIVERED_MS);
      return box.events.cut();
    }
    case 'box clock set': {
      const box = boxOf(fault, world);
      box.setClock(fault.aheadMs);
      await sleep(fault.ms);
      return box.setClock(0);
    }
    case 'box without memory': {
      const box = boxOf(fault, world);
      box.forget(fault.how);
      await sleep(fault.ms);
      return box.forget(undefined);
    }
    case 'box repeats itself': {
      const box = boxOf(fault, world);
      box.repeat(true);
      await sleep(fault.ms);
      return box.repeat(false);
    }
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
      await Promise.all(Array.from({ length: fault.connections }, () => beHasty(world.url)));
      return;
  }
}

function boxOf({ box }: { readonly box: number }, { boxes }: World): SimulatedBox {
  const found = boxes[box];
  if (!found) throw new RangeError(`there is no box ${box}`);
  return found;
}

function identityOf({ person }: { readonly person: number }): string {
  const found = PERSONS[person];
  if (!found) throw new RangeError(`there is no person ${person}`);
  return found.identityId;
}

function nameOf(fault: PlannedFault, world: World): string {
  const { at: _, kind, ...rest } = fault;
  const whom = 'box' in rest ? ` (${boxOf(rest, world).kind.boxId})` : '';
  return `${kind}${whom} ${JSON.stringify(rest)}`;
}
