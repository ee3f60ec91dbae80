import type { Simulator } from '@se5/simulator';
import { Box } from '../../src/box/box.ts';
import type { BoxOptions } from '../../src/box/options.ts';
import { optionsFor, Recorder } from './recorder.ts';

interface Started {
  readonly box: Box;
  readonly seen: Recorder;
}

export const started = (
  target: Pick<Simulator, 'host' | 'eventPort' | 'apiPort'>,
  options: Partial<BoxOptions> = {},
): Started => {
  const seen = new Recorder();
  const box = new Box({ ...optionsFor(target), ...options }, seen);
  box.start();
  return { box, seen };
};

type Moment = (simulator: Simulator) => Promise<Started>;

/** All the moments in the life of a box that differ in what is open; each brings one there. */
export const moments: Record<string, Moment> = {
  'before it was started': async (simulator) => {
    const seen = new Recorder();
    return { box: new Box(optionsFor(simulator), seen), seen };
  },
  'in the turn in which it was started': async (simulator) => started(simulator),
  'while it connects': async (simulator) => {
    await simulator.faults.refuse('unanswered');
    const both = started(simulator, { connectTimeoutMs: 60_000, httpTimeoutMs: 60_000 });
    await both.seen.untilLink('CONNECTING');
    return both;
  },
  'while it waits for the first list': async (simulator) => {
    simulator.faults.deviceList('unanswered');
    const both = started(simulator, { httpTimeoutMs: 60_000 });
    await simulator.until(({ connections, deviceRequests }) => connections + deviceRequests === 2);
    return both;
  },
  'while it is live': async (simulator) => {
    const both = started(simulator);
    await simulator.until(({ configurations }) => configurations.length === 1);
    return both;
  },
  'while it is silent': async (simulator) => {
    const both = started(simulator, { silentAfterMs: 10 });
    await both.seen.untilLink('SILENT');
    return both;
  },
  'while it backs off': async (simulator) => {
    await simulator.faults.refuse('closed');
    const both = started(simulator, { backoffMs: { min: 60_000, max: 60_000 } });
    await both.seen.untilLink('BACKING_OFF');
    return both;
  },
  'while it asks for the devices': async (simulator) => {
    const both = started(simulator, { httpTimeoutMs: 60_000 });
    await simulator.until(({ configurations }) => configurations.length === 1);
    simulator.faults.deviceList('unanswered');
    void both.box.refreshDevices();
    await simulator.until(({ deviceRequests }) => deviceRequests === 2);
    return both;
  },
  'while the second connection of a hand-over is made': async (simulator) => {
    const both = started(simulator, { reconfigure: 'reconnect', connectTimeoutMs: 60_000 });
    await simulator.until(({ configurations }) => configurations.length === 1);
    await simulator.faults.refuse('unanswered');
    both.box.setDemand({ live: true, registered: false });
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    return both;
  },
  'while the second connection of a hand-over takes over': async (simulator) => {
    simulator.faults.ignorePings();
    const both = started(simulator, { reconfigure: 'reconnect' });
    await simulator.until(({ configurations }) => configurations.length === 1);
    both.box.setDemand({ live: true, registered: false });
    await simulator.until(({ configurations }) => configurations.length === 2);
    return both;
  },
};
