import { expect, it } from 'vitest';
import { MachineClock } from '../../src/world/machine-clock.ts';

const HOUR_MS = 3_600_000;

it('is as late as any process may show it, until all show what it was set to', () => {
  const clock = new MachineClock();
  const lead = () => Math.round((clock.latest - Date.now()) / HOUR_MS);
  clock.set(3 * HOUR_MS)[Symbol.dispose]();
  expect(lead()).toBe(3);
  const back = clock.set(0);
  expect(lead()).toBe(3);
  back[Symbol.dispose]();
  expect(lead()).toBe(0);
  clock.set(-HOUR_MS)[Symbol.dispose]();
  expect(lead()).toBe(0);
});
