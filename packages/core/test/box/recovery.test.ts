import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { type Simulator, startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Box } from '../../src/box/box.ts';
import { LOST_POLLS_THAT_END_A_LINK } from '../../src/box/heartbeat.ts';
import type { LinkState } from '../../src/box/link-state.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { optionsFor, Recorder } from './recorder.ts';
import { listen } from './web-socket-server.ts';

const lastError = (state: LinkState | undefined) =>
  state?.name === 'BACKING_OFF' ? state.lastError : undefined;

const failures = ({ states }: Recorder) => states.flatMap((state) => lastError(state)?.code ?? []);

/** Connected, with one event told. */
const connect = async (simulator: Simulator, box: Box, seen: Recorder) => {
  box.start();
  await simulator.until(({ configurations }) => configurations.length === 1);
  simulator.emit();
  await seen.until(() => seen.events.length === 1);
};

/** Connected a second time, and told a further event. */
const recovered = async (simulator: Simulator, seen: Recorder) => {
  await simulator.until(({ configurations }) => (configurations.at(-1)?.connection ?? 0) > 1);
  const { eventId } = simulator.emit();
  await seen.until(() => seen.events.at(-1)?.eventId === eventId);
};

describe('a link that fails', () => {
  it('comes back after the connection was lost', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    await connect(simulator, box, seen);
    simulator.faults.drop();
    await seen.untilLink('BACKING_OFF');
    expect(failures(seen)).toEqual(['CLOSED']);
    await recovered(simulator, seen);
    expect(seen.path).toBe('CONNECTING LIVE BACKING_OFF CONNECTING LIVE');
    expect(simulator.connectionsAccepted).toBe(2);
  });

  it('comes back when the box does after a restart', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    await connect(simulator, box, seen);
    await simulator.faults.restart(30);
    await seen.untilLink('BACKING_OFF');
    expect(failures(seen)[0]).toBe('CLOSED');
    await recovered(simulator, seen);
  });

  it('counts the attempts in a row and says when it will try again', async () => {
    await using simulator = await startSimulator();
    await simulator.faults.refuse('closed');
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('BACKING_OFF', 3);
    const [first, off, second, offAgain, third] = seen.states;
    expect(first).toMatchObject({ name: 'CONNECTING', attempts: 1, lastError: undefined });
    expect(off).toMatchObject({ attempts: 1, lastError: { code: 'UNREACHABLE' } });
    expect(second).toMatchObject({ attempts: 2, lastError: { code: 'UNREACHABLE' } });
    expect(offAgain).toMatchObject({ attempts: 2 });
    expect(third).toMatchObject({ attempts: 3 });
    expect(new Set(seen.states.map(({ since }) => since)).size).toBe(1);
    await simulator.faults.clear();
    await seen.untilLink('LIVE');
  });

  it('says since when it is away, and when it will try again', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('LIVE');
    await simulator.faults.refuse('closed');
    simulator.faults.drop();
    await seen.untilLink('BACKING_OFF', 3);
    const [, , lost, retry, off] = seen.states;
    if (lost?.name !== 'BACKING_OFF') throw new Error('unreachable');
    expect(lost.attemptedAt).toBeUndefined();
    expect(lost.retryAt - lost.since).toBeGreaterThanOrEqual(5);
    expect(lost.retryAt - lost.since).toBeLessThanOrEqual(20);
    expect(retry).toMatchObject({ name: 'CONNECTING', since: lost.since });
    expect(off).toMatchObject({ name: 'BACKING_OFF', since: lost.since });
    expect(off).toHaveProperty('attemptedAt', expect.any(Number));
  });

  it('counts on when connections are lost soon, and anew after a stable one', async () => {
    await using simulator = await startSimulator();
    const attempts = async (stableAfterMs: number) => {
      const seen = new Recorder();
      await using box = new Box({ ...optionsFor(simulator), stableAfterMs }, seen);
      box.start();
      for (const round of [1, 2, 3]) {
        await seen.untilLink('LIVE', round);
        simulator.faults.drop();
        await seen.untilLink('BACKING_OFF', round);
      }
      return seen.states.flatMap((state) => (state.name === 'BACKING_OFF' ? state.attempts : []));
    };
    expect(await attempts(60_000)).toEqual([1, 2, 3]);
    expect(await attempts(0)).toEqual([1, 1, 1]);
  });

  it('tells a port that answers HTTP but opens no WebSocket', async () => {
    await using simulator = await startSimulator();
    await simulator.faults.refuse('unavailable');
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('BACKING_OFF');
    const error = lastError(seen.states.at(-1));
    expect(error).toMatchObject({ code: 'PROTOCOL', detail: { status: 503 } });
    expect(error?.message).toContain(`ws://127.0.0.1:${simulator.eventPort}`);
    await simulator.faults.clear();
    await seen.untilLink('LIVE');
  });

  it('tells a port that speaks another protocol', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).end('220 mail.example.com ready\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const seen = new Recorder();
    const address = { host: '127.0.0.1', eventPort: port, apiPort: port };
    await using box = new Box(optionsFor(address), seen);
    box.start();
    await seen.untilLink('BACKING_OFF');
    server.close();
    const error = lastError(seen.states.at(-1));
    expect(error?.code).toBe('PROTOCOL');
    expect(inspect(error)).not.toContain('mail');
  });

  it('tells a name that nobody has', async () => {
    const seen = new Recorder();
    const nowhere = { host: 'no-such-box.invalid', eventPort: 1, apiPort: 1 };
    await using box = new Box(optionsFor(nowhere), seen);
    box.start();
    await seen.untilLink('BACKING_OFF');
    expect(failures(seen)).toEqual(['UNREACHABLE']);
  });

  it('gives up an attempt that takes too long, and makes another', async () => {
    await using simulator = await startSimulator();
    await simulator.faults.refuse('unanswered');
    const seen = new Recorder();
    const times = { connectTimeoutMs: 30, httpTimeoutMs: 30 };
    await using box = new Box({ ...optionsFor(simulator), ...times }, seen);
    box.start();
    await seen.untilLink('BACKING_OFF', 2);
    expect(failures(seen)).toEqual(['TIMEOUT', 'TIMEOUT']);
    await simulator.faults.clear();
    await seen.untilLink('LIVE');
  });

  it('finds a half-open connection by the pongs that stop', async () => {
    const message = JSON.stringify({ device_id: 'gate', timestamp: 1_566_016_554_020, score: 0.5 });
    const sockets: WebSocket[] = [];
    await using server = await listen((socket) => {
      sockets.push(socket);
      // What comes after the first pong shows that the pong was read.
      socket.once('ping', () => socket.send(message));
    });
    const seen = new Recorder();
    const devices = [toDeviceId('gate')];
    await using box = new Box({ ...optionsFor(server), devices, pingMs: 20 }, seen);
    box.start();
    await seen.until(() => seen.events.length === 1);
    sockets[0]?.pause();
    await seen.untilLink('BACKING_OFF');
    expect(failures(seen)).toEqual(['TIMEOUT']);
    await seen.until(() => seen.events.length === 2);
  });

  it('keeps a quiet box that never answers a ping', async () => {
    await using simulator = await startSimulator();
    simulator.faults.ignorePings();
    const seen = new Recorder();
    const times = { pingMs: 5, silentAfterMs: 100, devicePollMs: 5 };
    await using box = new Box({ ...optionsFor(simulator), ...times }, seen);
    await connect(simulator, box, seen);
    await seen.untilLink('SILENT');
    await simulator.until(({ deviceRequests }) => deviceRequests > 5);
    expect(seen.path).toBe('CONNECTING LIVE SILENT');
    expect(simulator.connectionsAccepted).toBe(1);
  });

  it('finds a half-open connection without pongs by an HTTP side that does not answer', async () => {
    await using simulator = await startSimulator();
    simulator.faults.ignorePings();
    const seen = new Recorder();
    const times = { pingMs: 5, httpTimeoutMs: 80 };
    await using box = new Box({ ...optionsFor(simulator), ...times }, seen);
    await connect(simulator, box, seen);
    simulator.faults.halfOpen();
    simulator.faults.deviceList('unanswered');
    // One that fails is followed by the next.
    await box.refreshDevices();
    await seen.untilLink('BACKING_OFF');
    simulator.faults.deviceList(undefined);
    expect(failures(seen)).toEqual(['TIMEOUT']);
    expect(seen.devicesFailures.length).toBeGreaterThanOrEqual(LOST_POLLS_THAT_END_A_LINK);
    await recovered(simulator, seen);
  });

  it('keeps a quiet connection without pongs while the HTTP side refuses or fails', async () => {
    await using simulator = await startSimulator();
    simulator.faults.ignorePings();
    const seen = new Recorder();
    const times = { pingMs: 5, devicePollMs: 5 };
    await using box = new Box({ ...optionsFor(simulator), ...times }, seen);
    await connect(simulator, box, seen);
    simulator.faults.deviceList('envelope');
    await seen.until(() => seen.devicesFailures.length > 2 * LOST_POLLS_THAT_END_A_LINK);
    await simulator.faults.refuse('closed');
    await seen.until(() => seen.devicesFailures.length > 6 * LOST_POLLS_THAT_END_A_LINK);
    expect(new Set(seen.devicesFailures.map(({ code }) => code))).toEqual(
      new Set(['BOX_REFUSED', 'UNREACHABLE']),
    );
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('keeps a slow box whose one message takes many pings', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    const times = { pingMs: 80, demand: { live: true, registered: false } };
    await using box = new Box({ ...optionsFor(simulator), ...times }, seen);
    await connect(simulator, box, seen);
    simulator.faults.slow(200_000);
    simulator.emit();
    await seen.until(() => seen.events.length === 2);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('refuses a message above the limit, tells it, and comes back', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    const maxMessageBytes = 100_000;
    await using box = new Box({ ...optionsFor(simulator), maxMessageBytes }, seen);
    await connect(simulator, box, seen);
    simulator.faults.huge(2 * maxMessageBytes);
    await seen.untilLink('BACKING_OFF');
    expect(failures(seen)).toEqual(['MESSAGE_TOO_LARGE']);
    expect(seen.unreadables).toEqual([lastError(seen.states.at(-1))]);
    expect(seen.unreadables[0]?.message).toContain('100000 bytes');
    await recovered(simulator, seen);
  });

  it('takes a message below the limit', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    const maxMessageBytes = 100_000;
    await using box = new Box({ ...optionsFor(simulator), maxMessageBytes }, seen);
    await connect(simulator, box, seen);
    simulator.faults.huge(maxMessageBytes - 5_000);
    await seen.until(() => seen.events.length === 2);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('says with which code the box closed, not why', async () => {
    await using server = await listen((socket) => {
      socket.on('message', () => socket.close(1001, 'Visitor 12'));
    });
    const seen = new Recorder();
    const devices = [toDeviceId('gate')];
    await using box = new Box({ ...optionsFor(server), devices }, seen);
    box.start();
    await seen.untilLink('BACKING_OFF');
    const error = lastError(seen.states.at(-1));
    expect(error).toMatchObject({ code: 'CLOSED', detail: { status: 1001 } });
    expect(inspect(error)).not.toContain('Visitor');
  });
});
