import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { Box } from '../../src/box/box.ts';
import { moments, started } from './moments.ts';
import { optionsFor, Recorder } from './recorder.ts';

describe('a box that is disposed of', () => {
  it.each(Object.entries(moments))('leaves no connection %s', async (_moment, reach) => {
    await using simulator = await startSimulator();
    const { box, seen } = await reach(simulator);
    await box[Symbol.asyncDispose]();
    expect(box.link.name).toBe('STOPPED');
    const told = seen.states.length;

    await simulator.until(({ connections }) => connections === 0);
    await simulator.faults.clear();
    simulator.emit();
    box.start();
    box.setDemand({ live: true, registered: true });
    await box.refreshDevices();
    await new Promise(setImmediate);
    expect(simulator.connections).toBe(0);
    expect(seen.events).toEqual([]);
    expect(seen.states).toHaveLength(told);
    expect(seen.faults).toEqual([]);
  });

  it('may be disposed of twice, and both wait for the end', async () => {
    await using simulator = await startSimulator();
    const { box, seen } = started(simulator);
    await seen.untilLink('LIVE');
    await Promise.all([box[Symbol.asyncDispose](), box[Symbol.asyncDispose]()]);
    await box[Symbol.asyncDispose]();
    expect(seen.path).toBe('CONNECTING LIVE STOPPED');
  });

  it('may be disposed of from a callback', async () => {
    await using simulator = await startSimulator({ ratePerSecond: 1_000 });
    class Disposing extends Recorder {
      override event(...told: Parameters<Recorder['event']>): void {
        super.event(...told);
        void box[Symbol.asyncDispose]();
      }
    }
    const seen = new Disposing();
    const box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('STOPPED');
    await box[Symbol.asyncDispose]();
    expect(seen.events).toHaveLength(1);
    expect(seen.faults).toEqual([]);
  });

  it('closes without a handshake where the box answers none, before it is done', async () => {
    const sockets: Socket[] = [];
    const collect = (message: unknown) => {
      sockets.push((message as { socket: Socket }).socket);
    };
    await using simulator = await startSimulator();
    subscribe('net.client.socket', collect);
    try {
      const { box } = started(simulator, { pingMs: 0 });
      await simulator.until(({ configurations }) => configurations.length === 1);
      simulator.faults.halfOpen();
      await box[Symbol.asyncDispose]();
    } finally {
      unsubscribe('net.client.socket', collect);
    }
    expect(sockets.length).toBeGreaterThan(0);
    expect(sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
  });

  it('lets the process end by itself, wherever it was', async () => {
    const script = fileURLToPath(new URL('./fixtures/dispose-and-exit.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@se5/source',
      script,
    ]);
    expect(stdout).toBe('[]\n');
  });
});
