import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { started } from './moments.ts';

it('was never heard before it is live', async () => {
  await using simulator = await startSimulator();
  await simulator.faults.refuse('closed');
  const { box, seen } = started(simulator);
  await using _ = box;
  await seen.untilLink('BACKING_OFF');
  expect(box.heardUntil).toBeUndefined();
});

it('was heard until it had read its configuration; what it says proves nothing of when it was said', async () => {
  await using simulator = await startSimulator();
  const { box, seen } = started(simulator, { pingMs: 1_000_000 });
  await using _ = box;
  await seen.untilLink('LIVE');
  const live = box.heardUntil;
  expect(live).toEqual(expect.any(Number));
  simulator.emit();
  await seen.until(() => seen.events.length === 1);
  expect(box.heardUntil).toBe(live);
});

it('was heard until the newest ping that it has answered was sent', async () => {
  await using simulator = await startSimulator();
  const { box, seen } = started(simulator, { pingMs: 50 });
  await using _ = box;
  await seen.untilLink('LIVE');
  const live = box.heardUntil ?? 0;
  // Nobody is told of a pong, which is all that comes now.
  await expect.poll(() => box.heardUntil, { interval: 5 }).toBeGreaterThan(live);
  expect(box.heardUntil).toBeLessThanOrEqual(systemClock.elapsed());
});

it('was not heard after its connection became half-open, though its devices can be had', async () => {
  await using simulator = await startSimulator();
  const { box, seen } = started(simulator, { pingMs: 50 });
  await using _ = box;
  await seen.untilLink('LIVE');
  simulator.faults.halfOpen();
  // By the time of this answer, a pong that was under way has been read too.
  await box.refreshDevices();
  const heard = box.heardUntil;
  for (let i = 0; i < 5; i += 1) await box.refreshDevices();
  await seen.untilLink('BACKING_OFF');
  expect(box.heardUntil).toBe(heard);
});

it('is not heard by its device lists when it answers no pings', async () => {
  await using simulator = await startSimulator();
  simulator.faults.ignorePings();
  const { box, seen } = started(simulator, { pingMs: 5 });
  await using _ = box;
  await seen.untilLink('LIVE');
  const live = box.heardUntil;
  for (let i = 0; i < 5; i += 1) await box.refreshDevices();
  expect(box.heardUntil).toBe(live);
});
