import { expect, it } from 'vitest';
import { LoopLag } from '../../src/telemetry/loop-lag.ts';
import { watchedTelemetry } from '../support/telemetry.ts';

function watched() {
  const told: number[] = [];
  const clock = { now: 0 };
  const lag = new LoopLag({
    warnAboveMs: 500,
    exceeded: (lagMs) => told.push(lagMs),
    now: () => clock.now,
  });
  const lookAfter = (ms: number) => {
    clock.now += ms;
    lag.look();
  };
  return { lag, told, lookAfter, [Symbol.dispose]: () => lag[Symbol.dispose]() };
}

it('tells of a lag of the event loop above its threshold, and of no other', () => {
  using parts = watched();
  parts.lookAfter(100);
  parts.lookAfter(600);
  expect(parts.told).toEqual([]);
  parts.lookAfter(601);
  expect(parts.told).toEqual([501]);
  expect(parts.lag.largestMs).toBe(501);
});

it('remembers the largest lag for 30 s at least, and not for ever', () => {
  using parts = watched();
  parts.lookAfter(300);
  for (let seconds = 0; seconds < 29; seconds += 1)
    for (let look = 0; look < 10; look += 1) parts.lookAfter(100);
  expect(parts.lag.largestMs).toBe(200);
  for (let seconds = 0; seconds < 40; seconds += 1)
    for (let look = 0; look < 10; look += 1) parts.lookAfter(100);
  expect(parts.lag.largestMs).toBe(0);
});

it('is a figure in seconds, and a line of the log that names the key, once a minute', async () => {
  const { metrics, lagged, lines } = watchedTelemetry({ loopLagMs: () => 1_500 });
  expect(await metrics.render()).toMatch(/^se5_loop_lag_seconds 1.5$/m);
  lagged(700);
  lagged(800);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    fields: { lagMs: 700 },
    message: expect.stringContaining('lagWarning'),
  });
});
