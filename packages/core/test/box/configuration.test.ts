import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Simulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { isSameConfiguration } from '../../src/box/configuration.ts';
import type { PictureDemand } from '../../src/protocol/dialect.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { listeningBox } from './listening-box.ts';

const none: PictureDemand = { live: false, registered: false };
const live: PictureDemand = { live: true, registered: false };
const all: PictureDemand = { live: true, registered: true };

const demands = ({ configurations }: Simulator): PictureDemand[] =>
  configurations.map(({ needFace, needRegister }) => ({
    live: needFace,
    registered: needRegister,
  }));

describe('a box on which the demand changes', () => {
  it('is configured anew on the open socket', async () => {
    await using listening = await listeningBox();
    const { simulator, seen, box } = listening;
    simulator.emit({ identityId: '' });
    box.setDemand(all);
    await simulator.until(({ configurations }) => configurations.length === 2);
    simulator.emit();
    await seen.until(() => seen.events.length === 2);
    expect(demands(simulator)).toEqual([none, all]);
    expect(seen.events.map(({ pictures }) => pictures.face !== undefined)).toEqual([false, true]);
    expect(simulator.connectionsAccepted).toBe(1);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('gets one configuration for all changes of a turn, and none for what it has already', async () => {
    await using listening = await listeningBox();
    const { simulator, box } = listening;
    for (const demand of [all, none, all, live]) {
      box.setDemand(demand);
      for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
    }
    await simulator.until(({ configurations }) => configurations.length === 2);
    box.setDemand(all);
    box.setDemand(live);
    await nextTurn();
    await nextTurn();
    await box.refreshDevices();
    box.setDemand(none);
    await simulator.until(({ configurations }) => configurations.length === 3);
    expect(demands(simulator)).toEqual([none, live, none]);
  });

  it('is asked for the demand of the options from the start', async () => {
    await using listening = await listeningBox({ demand: all });
    const { simulator } = listening;
    expect(demands(simulator)).toEqual([all]);
  });

  it('is asked for the newest demand when it comes back', async () => {
    await using listening = await listeningBox();
    const { simulator, seen, box } = listening;
    await simulator.faults.refuse('closed');
    simulator.faults.drop();
    await seen.untilLink('BACKING_OFF');
    box.setDemand(live);
    await simulator.faults.clear();
    await simulator.until(({ configurations }) => configurations.length === 2);
    expect(demands(simulator)).toEqual([none, live]);
  });
});

describe('isSameConfiguration', () => {
  const gate = toDeviceId('gate');
  const lift = toDeviceId('lift');
  const both = { devices: [gate, lift], demand: none };

  it.each([
    ['the same devices in another order', { devices: [lift, gate], demand: none }, true],
    ['a device more often', { devices: [lift, gate, gate], demand: none }, true],
    ['a device less', { devices: [gate], demand: none }, false],
    ['a device less, another more often', { devices: [gate, gate], demand: none }, false],
    ['live pictures', { ...both, demand: live }, false],
    ['enrolled pictures', { ...both, demand: { live: false, registered: true } }, false],
  ])('compares with %s', (_name, other, same) => {
    expect(isSameConfiguration(both, other)).toBe(same);
    expect(isSameConfiguration(other, both)).toBe(same);
  });
});
