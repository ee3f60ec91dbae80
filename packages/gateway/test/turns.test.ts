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

it('gives each turn to one of those that wait, in their order', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const work = async (name: string) => {
    for (let step = 1; step <= 2; step += 1) {
      await turns.next();
      order.push(`${name}${step}`);
    }
  };
  const done = Promise.all([work('a'), work('b'), work('c')]);
  const between: number[] = [];
  for (let turned = 0; turned < 6; turned += 1) {
    await turn();
    between.push(order.length);
  }
  await done;
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  // None had more than one step between two looks of somebody else.
  expect(between.every((count, index) => count - (between[index - 1] ?? 0) <= 1)).toBe(true);
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
