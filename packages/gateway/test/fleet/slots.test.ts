import { expect, it } from 'vitest';
import { Slots } from '../../src/fleet/slots.ts';

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
