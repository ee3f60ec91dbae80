import { startSimulator } from '@se5/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { FaultPlan, parseFault } from '../src/fault-plan.ts';
import { deviceListUrl } from './test-client.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a fault begins after its time and ends after its span', async () => {
  await using simulator = await startSimulator();
  const status = async () => (await fetch(deviceListUrl(simulator))).status;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const failed = vi.fn<(error: unknown) => void>();
  using _plan = new FaultPlan(simulator.faults, [parseFault('device-list=status@10/20')], failed);

  const statuses: number[] = [];
  for (const ms of [9_999, 1, 19_999, 1]) {
    vi.advanceTimersByTime(ms);
    statuses.push(await status());
  }

  expect(statuses).toEqual([200, 500, 500, 200]);
  expect(failed).not.toHaveBeenCalled();
});
