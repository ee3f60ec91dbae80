import { expect, it } from 'vitest';
import { Slots } from '../src/slots.ts';

it('lets so many tasks run at a time, the others in turn, whatever becomes of them', async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<number>());
  const ended = gates.map(({ promise }, index) =>
    slots.run(() => {
      started.push(index);
      return promise;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]?.reject(new Error('failed'));
  await expect(ended[1]).rejects.toThrow('failed');
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
  for (const [index, gate] of gates.entries()) gate.resolve(index);
  expect(await Promise.all([ended[0], ended[2], ended[3]])).toEqual([0, 2, 3]);
  expect(await slots.run(async () => 4)).toBe(4);
});

it('refuses a task when no more may wait, and takes others once there is room', async () => {
  const slots = new Slots(1, {
    queue: { maxWaiting: 1, refusal: () => new RangeError('full') },
  });
  const gate = Promise.withResolvers<number>();
  const running = slots.run(() => gate.promise);
  const waiting = slots.run(async () => 2);
  await expect(slots.run(async () => 3)).rejects.toThrow('full');
  gate.resolve(1);
  expect(await Promise.all([running, waiting])).toEqual([1, 2]);
  expect(await slots.run(async () => 4)).toBe(4);
});

it('lets a task that waits leave the queue, and takes the next one in its place', async () => {
  const slots = new Slots(1);
  const gate = Promise.withResolvers<number>();
  const running = slots.run(() => gate.promise);
  const client = new AbortController();
  const left = slots.run(() => Promise.reject(new Error('ran all the same')), client.signal);
  const next = slots.run(async () => 3);
  client.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  gate.resolve(1);
  expect(await Promise.all([running, next])).toEqual([1, 3]);
});

it('takes the tasks of clients in turns: what one has much of does not delay another', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const [flood, honest] = [{}, {}];
  const run = (name: string, client: object) =>
    slots.run(async () => void order.push(name), undefined, client);
  await Promise.all([
    ...['f1', 'f2', 'f3', 'f4'].map((name) => run(name, flood)),
    ...['h1', 'h2'].map((name) => run(name, honest)),
  ]);
  expect(order).toEqual(['f1', 'f2', 'h1', 'f3', 'h2', 'f4']);
});

it('leaves slots to other clients: one client has no more than its share of them', async () => {
  const slots = new Slots(3, { perClient: 2 });
  const [one, other] = [{}, {}];
  const gates = [0, 1, 2].map(() => Promise.withResolvers<number>());
  const started: number[] = [];
  const ended = gates.map(({ promise }, index) =>
    slots.run(
      () => {
        started.push(index);
        return promise;
      },
      undefined,
      one,
    ),
  );
  expect(await slots.run(async () => 'at once', undefined, other)).toBe('at once');
  expect(started).toEqual([0, 1]);
  gates[0]?.resolve(0);
  await ended[0];
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
  for (const [index, gate] of gates.entries()) gate.resolve(index);
  expect(await Promise.all(ended)).toEqual([0, 1, 2]);
});

it('refuses the tasks of a client that has too many waiting, and takes those of others', async () => {
  const slots = new Slots(1, {
    queue: { maxWaiting: 10, maxWaitingPerClient: 1, refusal: () => new RangeError('full') },
  });
  const gate = Promise.withResolvers<number>();
  const [one, other] = [{}, {}];
  const running = slots.run(() => gate.promise, undefined, one);
  const waiting = slots.run(async () => 2, undefined, one);
  await expect(slots.run(async () => 3, undefined, one)).rejects.toThrow('full');
  const others = slots.run(async () => 4, undefined, other);
  gate.resolve(1);
  expect(await Promise.all([running, waiting, others])).toEqual([1, 2, 4]);
});
