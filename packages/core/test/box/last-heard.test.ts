import { expect, it, vi } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { started } from './moments.ts';

it('was never heard before it is live', async () => {
  await using simulator = await startSimulator();
  await simulator.faults.refuse('closed');
  const { box, seen } = started(simulator);
  await using _ = box;
  await seen.untilLink('BACKING_OFF');
  expect(box.lastHeardAt).toBeUndefined();
});

it('was heard when it had read its configuration, and then with each message, readable or not', async () => {
  await using simulator = await startSimulator();
  const { box, seen } = started(simulator);
  await using _ = box;
  await seen.untilLink('LIVE');
  expect(box.lastHeardAt).toBe(seen.states.find(({ name }) => name === 'LIVE')?.since);
  simulator.emit();
  await seen.until(() => seen.events.length === 1);
  expect(box.lastHeardAt).toBe(seen.receivedAt[0]);
  const before = Date.now();
  simulator.faults.malformed();
  await seen.until(() => seen.unreadables.length === 1);
  expect(box.lastHeardAt).toBeGreaterThanOrEqual(before);
});

it('was last heard before its connection became half-open, though its devices can be had', async () => {
  await using simulator = await startSimulator();
  const { box, seen } = started(simulator, { pingMs: 50 });
  await using _ = box;
  await seen.untilLink('LIVE');
  const live = box.lastHeardAt ?? 0;
  // Nobody is told of a pong, which is all that comes now.
  await vi.waitUntil(() => (box.lastHeardAt ?? 0) > live, { interval: 5, timeout: 5_000 });
  simulator.faults.halfOpen();
  // By the time of this answer, a pong that was under way has been read too.
  await box.refreshDevices();
  const heard = box.lastHeardAt;
  for (let i = 0; i < 5; i += 1) await box.refreshDevices();
  await seen.untilLink('BACKING_OFF');
  expect(box.lastHeardAt).toBe(heard);
});

it('is heard by its device lists when it answers no pings', async () => {
  await using simulator = await startSimulator();
  simulator.faults.ignorePings();
  const { box, seen } = started(simulator, { pingMs: 5, devicePollMs: 20 });
  await using _ = box;
  await seen.untilLink('LIVE');
  const asked = simulator.deviceRequests;
  const live = box.lastHeardAt ?? 0;
  // The first of these answers has been taken by the time that the next request comes.
  await simulator.until(({ deviceRequests }) => deviceRequests === asked + 2);
  expect(box.lastHeardAt).toBeGreaterThan(live);
});
