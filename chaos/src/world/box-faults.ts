import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxFault } from '../plan/fault.ts';
import { part } from './partition.ts';
import type { SimulatedBox } from './simulated-box.ts';

/** Has a fault happen to its box. Settles when it is over. */
export async function happenToBox(fault: BoxFault, boxes: readonly SimulatedBox[]): Promise<void> {
  const box = boxOf(fault, boxes);
  switch (fault.kind) {
    case 'box restarted':
      return box.restart(fault.downMs);
    case 'box cut off':
      return box.cut();
    case 'box half-open': {
      const reset = box.halfOpen(fault.direction);
      await sleep(fault.ms);
      return reset();
    }
    case 'box stalled':
      return part(box.proxies, fault.isCutOff ? 'stalled and cut off' : 'stalled', fault.ms);
    case 'box clock set':
      box.setClock(fault.aheadMs);
      await sleep(fault.ms);
      return box.setClock(0);
    case 'box without memory':
      box.forget(fault.how);
      await sleep(fault.ms);
      return box.forget(undefined);
    case 'box repeats itself':
      box.repeat(true);
      await sleep(fault.ms);
      return box.repeat(false);
  }
}

export function boxOf(
  { box }: { readonly box: number },
  boxes: readonly SimulatedBox[],
): SimulatedBox {
  const found = boxes[box];
  if (!found) throw new RangeError(`there is no box ${box}`);
  return found;
}
