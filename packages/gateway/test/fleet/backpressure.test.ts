import { expect, it } from 'vitest';
import { Backpressure, MAX_UNDER_WAY } from '../../src/fleet/backpressure.ts';

it('pauses a box at its bound, again where it has connected anew, and lets it go on at half', async () => {
  const done: string[] = [];
  const backpressure = new Backpressure({
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
  });
  const taken = Array.from({ length: MAX_UNDER_WAY + 1 }, () => Promise.withResolvers<void>());
  for (const { promise } of taken.slice(0, MAX_UNDER_WAY - 1)) backpressure.add(promise);
  expect(done).toEqual([]);
  for (const { promise } of taken.slice(MAX_UNDER_WAY - 1)) backpressure.add(promise);
  expect(done).toEqual(['pause', 'pause']);

  for (const { resolve } of taken.slice(0, MAX_UNDER_WAY / 2)) resolve();
  await Promise.all(taken.slice(0, MAX_UNDER_WAY / 2).map(({ promise }) => promise));
  expect(done).toEqual(['pause', 'pause']);
  taken.at(-1)?.resolve();
  await taken.at(-1)?.promise;
  expect(done).toEqual(['pause', 'pause', 'resume']);
});
