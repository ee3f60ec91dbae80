import { expect, it } from 'vitest';
import { Turns } from '../src/turns.ts';

const turn = (): Promise<void> => new Promise(setImmediate);

it('spends a slice of each turn, and a new one in the next', async () => {
  let now = 0;
  const turns = new Turns(5, () => now);
  expect(turns.isSpent).toBe(false);
  now = 5;
  expect(turns.isSpent).toBe(false);
  now = 6;
  expect(turns.isSpent).toBe(true);
  await turn();
  expect(turns.isSpent).toBe(false);
});

it('serves those that wait, client after client, until the slice is spent', async () => {
  let now = 0;
  const turns = new Turns(5, () => now);
  const order: string[] = [];
  const work = async (name: string) => {
    const client = {};
    for (let step = 1; step <= 2; step += 1) {
      await turns.next(client);
      // More than one hop, as real work has.
      await Promise.resolve();
      now += 2;
      order.push(`${name}${step}`);
    }
  };
  const done = Promise.all(['a', 'b', 'c', 'd'].map(work));
  await turn();
  expect(order).toEqual(['a1', 'b1', 'c1']);
  await turn();
  expect(order).toEqual(['a1', 'b1', 'c1', 'd1', 'a2', 'b2']);
  await done;
  expect(order.slice(6)).toEqual(['c2', 'd2']);
});

it('is spent for a newcomer while others wait, and not for one whose turn it is', async () => {
  const turns = new Turns(5, () => 0);
  expect(turns.isSpent).toBe(false);
  const spent: boolean[] = [];
  const waiting = [1, 2].map(() => turns.next({}).then(() => spent.push(turns.isSpent)));
  expect(turns.isSpent).toBe(true);
  await Promise.all(waiting);
  expect(spent).toEqual([false, false]);
  await turn();
  expect(turns.isSpent).toBe(false);
});

it('lets clients take turns: what one has much of does not delay another', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const [flood, honest] = [{}, {}];
  const waiting = ['f1', 'f2', 'f3'].map((name) => turns.next(flood).then(() => order.push(name)));
  waiting.push(turns.next(honest).then(() => order.push('h1')));
  await Promise.all(waiting);
  expect(order).toEqual(['f1', 'h1', 'f2', 'f3']);
});
