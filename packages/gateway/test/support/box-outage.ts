import type { Simulator } from '@se5/simulator';
import type { Recognition } from '../../src/journal/recognition.ts';
import { boxId } from './recognitions.ts';
import { Rig, type RigOptions } from './rig.ts';

/** A rig whose box has been heard: it has told of one event. */
export async function heardRig(options: RigOptions = {}): Promise<Rig> {
  const rig = await Rig.with(options);
  await rig.start();
  rig.simulator().emit();
  await rig.until(() => rig.events.length === 1);
  return rig;
}

/** The box is out of reach while `happens`, and listened to again afterwards. */
export async function outage<T>(rig: Rig, happens: (simulator: Simulator) => T): Promise<T> {
  const simulator = rig.simulator();
  const configured = simulator.configurations.length;
  await simulator.faults.refuse('closed');
  simulator.faults.drop();
  await rig.until(() => rig.fleet.directory.status(boxId('lobby')).link.name === 'BACKING_OFF');
  const result = happens(simulator);
  await simulator.faults.welcome();
  await simulator.until(({ configurations }) => configurations.length > configured);
  return result;
}

export const emit = (count: number) => (simulator: Simulator) =>
  Array.from({ length: count }, () => simulator.emit());

/** The margin for clocks is the only part of a test's outage that is long enough for many events. */
export const inFuture = (count: number, everyMs: number) => (simulator: Simulator) => {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) =>
    simulator.emit({ timestamp: now + 1 + index * everyMs }),
  );
};

/** Events that were missed and read back, in the order in which the journal took them. */
export const backfilledOf = (rig: Rig): Recognition[] =>
  rig.events.filter(({ delivery }) => delivery === 'BACKFILLED');

export const timesOf = (sent: readonly { readonly timestamp: number }[]): number[] =>
  sent.map(({ timestamp }) => timestamp);

/** The times of these, oldest first. */
export const recoveredTimes = (rig: Rig): number[] =>
  backfilledOf(rig)
    .map(({ occurredAt }) => occurredAt)
    .toSorted((a, b) => a - b);

/** So many events are said, and heard, each for itself: so they come promptly. */
export const hear = (rig: Rig, count: number): Promise<void> =>
  hearFrom(rig.simulator(), rig, count);

/** The same of a box that is not the rig's own. */
export async function hearFrom(simulator: Simulator, rig: Rig, count: number): Promise<void> {
  for (const to = rig.events.length + count; rig.events.length < to; ) {
    const { length } = rig.events;
    simulator.emit();
    await rig.until(() => rig.events.length > length);
  }
}
