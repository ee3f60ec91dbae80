import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Box } from '../../src/box/box.ts';
import { MAX_UNREADABLE } from '../../src/box/unreadable-limit.ts';
import type { Clock } from '../../src/clock.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { listeningBox } from './listening-box.ts';
import { Recorder } from './recorder.ts';
import { listen } from './web-socket-server.ts';

const devices = [toDeviceId('gate')];

const EVENT = JSON.stringify({
  device_id: 'gate',
  timestamp: 1_566_016_554_020,
  junk: 'x'.repeat(2_000),
});

describe('a box that floods', () => {
  it.each(['{}', '', '[]'])(
    'with messages (%o) that can’t be read is left after a thousand, and named',
    async (message) => {
      await using server = await listen((socket) => {
        for (let sent = 0; sent < 20 * MAX_UNREADABLE; sent += 1) socket.send(message);
      });
      const seen = new Recorder();
      await using box = new Box({ ...server, devices }, seen);
      box.start();
      await seen.untilLink('BACKING_OFF');
      expect(box.link).toMatchObject({
        lastError: { code: 'PROTOCOL', message: expect.stringContaining('could not be read') },
      });
      expect(seen.unreadables).toHaveLength(MAX_UNREADABLE + 1);
    },
  );

  it('waits while it is paused, and nothing of what it says is lost', async () => {
    await using listening = await listeningBox();
    const { simulator, seen, box } = listening;
    simulator.emit();
    await seen.until(() => seen.events.length === 1);
    box.pause();
    const sent = Array.from({ length: 100 }, () => simulator.emit().eventId);
    // A question and its answer on another connection: the events have come by then.
    for await (const _ of box.storedEvents({ from: 0, to: 1 })) throw new Error('there are none');
    expect(seen.events).toHaveLength(1);
    box.resume();
    await seen.until(() => seen.events.length === 101);
    expect(seen.events.slice(1).map(({ eventId }) => eventId)).toEqual(sent);
  });

  it('waits when it has said what it may in a second, and nothing of what it says is lost', async () => {
    let instant = 0;
    const refilled = Promise.withResolvers<void>();
    const clock: Clock = {
      now: () => Date.now(),
      elapsed: () => instant,
      boot: undefined,
      sleep: () => refilled.promise,
    };
    await using listening = await listeningBox({ maxMessagesPerSecond: 100, clock });
    const { simulator, seen, box } = listening;
    const emit = (count: number) => Array.from({ length: count }, () => simulator.emit().eventId);
    // The pong to the first ping counts as a message, too.
    const sent = emit(101);
    await seen.until(() => seen.events.length === 101);
    sent.push(...emit(50));
    // A question and its answer on another connection: the events have come by then.
    for await (const _ of box.storedEvents({ from: 0, to: 1 })) throw new Error('there are none');
    expect(seen.events).toHaveLength(101);
    instant = 10_000;
    refilled.resolve();
    await seen.until(() => seen.events.length === 151);
    expect(seen.events.map(({ eventId }) => eventId)).toEqual(sent);
  });

  it('with one connection that is left for another is heard to its end, however much it said', async () => {
    const burst = 1_500;
    let first: WebSocket | undefined;
    await using server = await listen((socket) => {
      socket.on('message', () => {
        first ??= socket;
        if (first === socket) return;
        // The rest of it waits when the second connection answers, and closes the first.
        for (let sent = 0; sent < burst; sent += 1) first.send(EVENT);
      });
    });
    const seen = new Recorder();
    await using box = new Box(
      { ...server, devices, reconfigure: 'reconnect', pingMs: 1_000, maxMessagesPerSecond: 1e6 },
      seen,
    );
    const event = seen.event.bind(seen);
    // As one who can take no more: with each event anew.
    seen.event = (...given) => {
      event(...given);
      box.pause();
    };
    box.start();
    await seen.untilLink('LIVE');
    box.setDemand({ live: true, registered: false });
    await seen.until(() => seen.events.length === burst || seen.path.includes('BACKING_OFF'));
    expect(seen.path).not.toContain('BACKING_OFF');
    expect(seen.events).toHaveLength(burst);
  });
});
