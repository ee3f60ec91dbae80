import { expect, onTestFinished, test, vi } from 'vitest';
import { Tally } from '../../src/load/tally.ts';

test('a tally settles when every member has every event', async () => {
  const tally = new Tally(2);
  tally.expect();
  tally.expect();
  expect(tally.discrepancy()).toBe('subscriber 0 got 0 deliveries of 2');
  const reached = tally.reach();
  tally.receive(0, 2);
  tally.receive(1, 1);
  expect(tally.underWay).toBe(1);
  tally.receive(1, 1);
  await reached;
  expect(tally.discrepancy()).toBeUndefined();
});

test('a tally says that deliveries are missing, or that a member has failed', async () => {
  const tally = new Tally(2);
  tally.expect();
  tally.receive(0, 1);
  await expect(tally.settled(1)).resolves.toBe(false);
  const reached = tally.reach();
  tally.fail(new Error('a subscriber was disconnected'));
  await expect(reached).rejects.toThrow('a subscriber was disconnected');
  await expect(tally.reach()).rejects.toThrow('a subscriber was disconnected');
});

test('latency is from the nth sending to the nth arrival at a member', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const tally = new Tally(1);
  tally.begin(true);
  tally.expect();
  vi.advanceTimersByTime(30);
  tally.expect();
  vi.advanceTimersByTime(20);
  tally.receive(0, 2);
  expect(tally.latencyMs?.p50).toBeCloseTo(20, 1);
  expect(tally.latencyMs?.p99).toBeCloseTo(50, 1);
});
