import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTurns } from '../../src/transport/in-turns.ts';

/** What letting one in takes here, in ms. */
const COST_MS = 1;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes so long, by the clock of the test. */
const busy = (ms: number): void => void vi.advanceTimersByTime(ms);

const newcomer = () => new IncomingMessage(new Socket());

it('lets in who comes alone at once, and of many a few in each turn, in their order', async () => {
  const admitted: IncomingMessage[] = [];
  const upgrade = inTurns((request) => {
    busy(COST_MS);
    admitted.push(request);
  });
  const first = newcomer();
  upgrade(first, first.socket, Buffer.alloc(0));
  expect(admitted).toEqual([first]);

  const crowd = Array.from({ length: 20 }, newcomer);
  for (const each of crowd) upgrade(each, each.socket, Buffer.alloc(0));
  const perTurn: number[] = [];
  while (admitted.length < 21) {
    const before = admitted.length;
    await nextTurn();
    perTurn.push(admitted.length - before);
  }
  expect(admitted).toEqual([first, ...crowd]);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(4);
  const last = newcomer();
  await nextTurn();
  upgrade(last, last.socket, Buffer.alloc(0));
  expect(admitted.at(-1)).toBe(last);
});

it('lets nobody in who went while waiting', async () => {
  const admitted: IncomingMessage[] = [];
  const upgrade = inTurns((request) => {
    busy(3);
    admitted.push(request);
  });
  const [first, second] = [newcomer(), newcomer()];
  upgrade(first, first.socket, Buffer.alloc(0));
  upgrade(second, second.socket, Buffer.alloc(0));
  second.socket.destroy(new Error('reset'));
  await nextTurn();
  await nextTurn();
  expect(second.socket.destroyed).toBe(true);
  expect(admitted).toEqual([first]);
});
