import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Box } from '../../src/box/box.ts';
import { MAX_UNREADABLE } from '../../src/box/unreadable-limit.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { listeningBox } from './listening-box.ts';
import { Recorder } from './recorder.ts';
import { listen } from './web-socket-server.ts';

const devices = [toDeviceId('gate')];

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

  it('waits over two connections while one takes over from the other, and loses nothing', async () => {
    await using listening = await listeningBox({ reconfigure: 'reconnect' });
    const { simulator, seen, box } = listening;
    simulator.emit();
    await seen.until(() => seen.events.length === 1);
    // As one who can take no more: with each event anew.
    const event = seen.event.bind(seen);
    seen.event = (...given) => {
      event(...given);
      box.pause();
    };
    box.setDemand({ live: true, registered: false });
    const sent: string[] = [];
    while (simulator.connectionsAccepted < 2) {
      sent.push(simulator.emit().eventId ?? '');
      await nextTurn();
    }
    await simulator.until(({ configurations }) => configurations.length === 2);
    sent.push(simulator.emit().eventId ?? '');
    box.resume();
    seen.event = event;
    await seen.until(() => sent.every((id) => seen.events.some(({ eventId }) => eventId === id)));
    expect(seen.path).not.toContain('BACKING_OFF');
  });
});
