import { startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Traffic } from '../src/traffic.ts';
import { listen } from './test-client.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** When the arrivals of a rate came, in ms. */
const arrivalsOf = (perSecond: number, seconds: number, seed = 1): number[] => {
  const times: number[] = [];
  using traffic = new Traffic(seed, () => times.push(performance.now()));
  traffic.setRate(perSecond);
  vi.advanceTimersByTime(seconds * 1000);
  return times;
};

test.for([0.5, 5, 2000])('arrivals average to the rate: %d per second', (rate) => {
  const expected = 2000;

  const count = arrivalsOf(rate, expected / rate).length;

  // Four standard deviations of a Poisson count.
  expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

test('arrivals are as irregular as people are: many close together, some far apart', () => {
  const times = arrivalsOf(1, 1000);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));

  const share = (condition: (gap: number) => boolean): number =>
    gaps.filter(condition).length / gaps.length;
  // Of the exponential distribution: 1 - e^-0.1 and e^-2.
  expect(share((gap) => gap < 100)).toBeCloseTo(0.095, 1);
  expect(share((gap) => gap > 2000)).toBeCloseTo(0.135, 1);
});

test('a rate of 0 stops, and another takes its place', () => {
  let count = 0;
  using traffic = new Traffic(1, () => {
    count += 1;
  });
  traffic.setRate(100);
  traffic.setRate(0);
  vi.advanceTimersByTime(10_000);
  expect(count).toBe(0);

  traffic.setRate(1);
  vi.advanceTimersByTime(100_000);
  expect(count).toBeGreaterThan(50);
  expect(count).toBeLessThan(150);
});

test('the rate can be set from an arrival', () => {
  let count = 0;
  using traffic = new Traffic(1, () => {
    count += 1;
    traffic.setRate(0);
  });
  traffic.setRate(1000);

  vi.advanceTimersByTime(1000);

  expect(count).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test.for([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d is no rate', (rate) => {
  using traffic = new Traffic(1, () => undefined);

  expect(() => traffic.setRate(rate)).toThrow(RangeError);
});

test('a box with a rate sends events by itself, also after its devices are gone for a while', async () => {
  vi.useRealTimers();
  await using simulator = await startSimulator({ ratePerSecond: 500, devices: 1 });
  await using client = await listen(simulator);
  await client.events(5);

  const [device] = simulator.devices;
  simulator.removeDevice(device?.deviceId ?? '');
  const before = simulator.recognitions;
  simulator.addDevice();

  await simulator.until(({ recognitions }) => recognitions > before + 5);
});
