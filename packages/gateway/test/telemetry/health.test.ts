import { expect, it } from 'vitest';
import { Health } from '../../src/telemetry/health.ts';

it('a gateway is ready whatever its links are like, and tells about them', () => {
  const health = new Health(() => ['LIVE', 'BACKING_OFF', 'BACKING_OFF']);
  expect(health.readiness()).toEqual({
    ready: true,
    reasons: [],
    links: { LIVE: 1, BACKING_OFF: 2 },
  });
});

it('a gateway that goes away is not ready, and says why', () => {
  const health = new Health(() => []);
  health.goingAway();
  expect(health.readiness()).toMatchObject({
    ready: false,
    reasons: ['the gateway is shutting down'],
  });
});
