import { describe, expect, it } from 'vitest';
import { SharedRoutes } from '../../src/fanout/shared-routes.ts';
import { Inside, published } from '../support/inside.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `a/device-${n}`);

describe('a route', () => {
  it('is held once for all who name the same devices, in whatever order', () => {
    const routes = new SharedRoutes();
    const first = routes.acquire(ids(1_000), { minSimilarity: 0.5 });
    expect(routes.acquire([...ids(1_000).toReversed(), ...ids(10)], { minSimilarity: 0.5 })).toBe(
      first,
    );
    expect(routes.acquire(ids(999), { minSimilarity: 0.5 })).not.toBe(first);
    expect(routes.acquire(ids(1_000), {})).not.toBe(first);
    expect(routes.acquire(undefined, {})).not.toBe(routes.acquire([], {}));
  });

  it('has a key as short as a digest, however much it names', () => {
    const { key, sharedFilter } = new SharedRoutes().acquire(ids(1_000), { deviceIds: ids(1_000) });
    expect(key.length).toBe(43);
    expect(sharedFilter.key.length).toBe(43);
  });

  it('is let go with the last who has it', () => {
    const routes = new SharedRoutes();
    const route = routes.acquire(ids(3), {});
    routes.acquire(ids(3), {});
    routes.release(route);
    expect(routes.acquire(ids(3), {})).toBe(route);
    routes.release(route);
    routes.release(route);
    expect(routes.acquire(ids(3), {})).not.toBe(route);
  });

  it('is one for subscribers whose answers differ, and each gets its own', async () => {
    using inside = new Inside();
    const deviceIds = ['a/gate', 'gate'];
    const one = inside.subscribe({ deviceIds });
    const other = inside.subscribe({ deviceIds: deviceIds.toReversed(), selection: 'score' });
    expect(one.subscription.group).not.toBe(other.subscription.group);
    expect(one.subscription.group.route).toBe(other.subscription.group.route);
    await one.return();
    await inside.event();
    await published();
    expect([one, other].map(({ received }) => received.length)).toEqual([0, 1]);
  });
});
