import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedFault } from '../plan/fault.ts';
import { boxOf } from './box-faults.ts';
import type { SimulatedBox } from './simulated-box.ts';
import type { Timeline } from './timeline.ts';

/** A fault that has happened; ms since the Unix epoch. */
export interface Trouble {
  readonly fault: PlannedFault;
  readonly from: number;
  readonly to: number;
}

/** Has a fault happen, when it is time. Settles when it is over. */
export async function carryOut(
  fault: PlannedFault,
  { timeline, boxes }: { readonly timeline: Timeline; readonly boxes: readonly SimulatedBox[] },
  happen: () => Promise<void>,
): Promise<Trouble> {
  await sleep(fault.at);
  const from = Date.now();
  const name = nameOf(fault, boxes);
  timeline.note(name);
  await happen();
  if (Date.now() > from + NOTED_MS) timeline.note(`${name}: over`);
  return { fault, from, to: Date.now() };
}

/** The end of a fault that lasts longer is noted. */
const NOTED_MS = 10;

function nameOf(fault: PlannedFault, boxes: readonly SimulatedBox[]): string {
  const { at: _, kind, ...rest } = fault;
  const whom = 'box' in rest ? ` (${boxOf(rest, boxes).kind.boxId})` : '';
  return `${kind}${whom} ${JSON.stringify(rest)}`;
}
