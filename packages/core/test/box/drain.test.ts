import { startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { Box } from '../../src/box/box.ts';
import { listeningBox } from './listening-box.ts';
import { optionsFor, Recorder } from './recorder.ts';

describe('a box whose connection is drained', () => {
  it('has been heard to the end: all that was on its way is told before the link stops', async () => {
    await using listening = await listeningBox();
    const { simulator, seen, box } = listening;
    await seen.untilLink('LIVE');
    const before = box.heardUntil ?? Number.NaN;
    box.pause();
    for (let number = 0; number < 50; number += 1) simulator.emit();
    await expect(box.drain()).resolves.toBe(true);
    expect(seen.events.map(({ eventId }) => eventId)).toEqual(
      simulator.sent.map(({ eventId }) => eventId),
    );
    expect(box.heardUntil).toBeGreaterThan(before);
    expect(seen.path).toBe('CONNECTING LIVE STOPPED');
    await simulator.until(({ connections }) => connections === 0);
  });

  it('has not been heard to the end when it does not answer the closing handshake', async () => {
    await using listening = await listeningBox();
    const { simulator, seen, box } = listening;
    await seen.untilLink('LIVE');
    simulator.faults.halfOpen();
    await expect(box.drain()).resolves.toBe(false);
    expect(box.link.name).toBe('STOPPED');
  });

  it('has not been heard to the end when its link is down', async () => {
    await using simulator = await startSimulator();
    await simulator.faults.refuse('closed');
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('BACKING_OFF');
    await expect(box.drain()).resolves.toBe(false);
    expect(box.link.name).toBe('STOPPED');
  });
});
