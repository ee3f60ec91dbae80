import { type Simulator, startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { Box } from '../../src/box/box.ts';
import type { LinkState } from '../../src/box/link-state.ts';
import { systemClock } from '../../src/clock.ts';
import { listeningBox } from './listening-box.ts';
import { optionsFor, Recorder } from './recorder.ts';

const withPictures = { live: true, registered: true };
const without = { live: false, registered: false };

const NO_PICTURES = { registered: '', face: '', scene: '' };

/** What was sent and not told, by its number. */
const missing = ({ sent }: Simulator, { events }: Recorder): string[] => {
  const told = new Set(events.map(({ eventId }) => eventId));
  return sent.map(({ eventId }) => eventId).filter((eventId) => !told.has(eventId));
};

const RECONNECTING = { reconfigure: 'reconnect' } as const;

describe('a box that is reconfigured by a new connection', () => {
  it('is left by the old connection only when the new one is configured', async () => {
    await using listening = await listeningBox(RECONNECTING);
    const { simulator, seen, box } = listening;
    box.setDemand(withPictures);
    await simulator.until(({ configurations }) => configurations.length === 2);
    expect(simulator.connections).toBe(2);
    await simulator.until(({ connections }) => connections === 1);
    expect(simulator.configurations.map(({ connection }) => connection)).toEqual([1, 2]);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('loses no event while connections take over from each other', async () => {
    await using listening = await listeningBox(RECONNECTING);
    const { simulator, seen, box } = listening;
    // clock: only how dense the events are.
    const stream = setInterval(() => simulator.emit({ pictures: NO_PICTURES }), 1);
    for (const round of [1, 2, 3, 4, 5, 6]) {
      box.setDemand(round % 2 === 1 ? withPictures : without);
      await simulator.until(
        ({ configurations, connections }) => configurations.length > round && connections === 1,
      );
    }
    clearInterval(stream);
    const last = simulator.emit().eventId;
    await seen.until(() => seen.events.at(-1)?.eventId === last);
    expect(missing(simulator, seen)).toEqual([]);
    expect(simulator.connectionsAccepted).toBe(7);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('has at most two connections, however often the demand changes', async () => {
    await using listening = await listeningBox(RECONNECTING);
    const { simulator, box } = listening;
    let most = 0;
    const watching = simulator.until(({ connections, configurations }) => {
      most = Math.max(most, connections);
      return configurations.at(-1)?.needRegister === true && connections === 1;
    });
    for (let change = 0; change < 20; change += 1) {
      box.setDemand({ live: change % 2 === 0, registered: false });
      await box.refreshDevices();
    }
    box.setDemand({ live: false, registered: true });
    await watching;
    expect(most).toBe(2);
  });

  it('is heard on both for a while when it answers no pings', async () => {
    await using simulator = await startSimulator();
    simulator.faults.ignorePings();
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), ...RECONNECTING }, seen);
    box.start();
    await simulator.until(({ configurations }) => configurations.length === 1);
    box.setDemand(withPictures);
    await simulator.until(({ configurations }) => configurations.length === 2);
    await box.refreshDevices();
    const { eventId } = simulator.emit();
    await seen.until(() => seen.events.length === 2);
    expect(seen.events.map((event) => event.eventId)).toEqual([eventId, eventId]);
    await simulator.until(({ connections }) => connections === 1);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('is connected to anew with what is wanted when the second connection is refused', async () => {
    await using listening = await listeningBox(RECONNECTING);
    const { simulator, seen, box } = listening;
    await simulator.faults.refuse('closed');
    box.setDemand(withPictures);
    await seen.untilLink('BACKING_OFF');
    expect(seen.states.at(-1)).toMatchObject({ lastError: { code: 'UNREACHABLE' } });
    await simulator.faults.clear();
    await simulator.until(
      ({ configurations, connections }) =>
        configurations.at(-1)?.needFace === true && connections === 1,
    );
  });

  it('has been down when the old connection was dead, and was heard until that had last answered', async () => {
    await using simulator = await startSimulator();
    const heard: [until: number | undefined, isProven: boolean][] = [];
    class Listener extends Recorder {
      override event(...told: Parameters<Recorder['event']>): void {
        heard.push([box.heardUntil, !box.isHandingOver]);
        super.event(...told);
      }

      override link(state: LinkState): void {
        if (state.name === 'BACKING_OFF') heard.push([box.heardUntil, !box.isHandingOver]);
        super.link(state);
      }
    }
    const seen = new Listener();
    // The new connection answers some before the old one is given up; the old one is not found out.
    await using box = new Box({ ...optionsFor(simulator), ...RECONNECTING, pingMs: 200 }, seen);
    box.start();
    await seen.untilLink('LIVE');
    simulator.faults.halfOpen();
    const deadAt = systemClock.elapsed();
    box.setDemand(withPictures);
    await simulator.until(({ configurations }) => configurations.length === 2);
    simulator.emit();
    await seen.untilLink('LIVE', 2);
    expect(heard).toEqual([
      [expect.any(Number), false],
      [expect.any(Number), true],
    ]);
    for (const [until = 0] of heard) expect(until).toBeLessThanOrEqual(deadAt);
    expect(seen.path).toBe('CONNECTING LIVE BACKING_OFF CONNECTING LIVE');
    expect(seen.states[2]).toMatchObject({ lastError: { code: 'CLOSED' } });
    expect(simulator.connectionsAccepted).toBe(2);
    expect(box.heardUntil).toBeGreaterThan(deadAt);
  });

  it('goes on over the new connection when the old one is lost meanwhile', async () => {
    await using listening = await listeningBox(RECONNECTING);
    const { simulator, seen, box } = listening;
    const dropped = simulator
      .until(({ connectionsAccepted }) => connectionsAccepted === 1)
      .then(() => simulator.faults.drop());
    box.setDemand(withPictures);
    await dropped;
    await simulator.until(
      ({ configurations, connections }) =>
        configurations.at(-1)?.needFace === true && connections === 1,
    );
    await seen.untilLink('LIVE', 2);
    simulator.emit();
    await seen.until(() => seen.events.length === 1);
    expect(seen.path).toBe('CONNECTING LIVE BACKING_OFF CONNECTING LIVE');
  });
});
