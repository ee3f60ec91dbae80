import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/access/rate-limit.ts';

const MINUTE_MS = 60_000;

describe('a limit by the minute', () => {
  it('lets a client ask so often at once, and then as one is given back', () => {
    let now = 5;
    const limit = new RateLimit(3, () => now);
    expect([1, 2, 3].map(() => limit.take('a'))).toEqual([undefined, undefined, undefined]);
    expect(limit.take('a')).toBe(20_000);
    now += 19_000;
    expect(limit.take('a')).toBe(1_000);
    now += 1_000;
    expect(limit.take('a')).toBeUndefined();
    expect(limit.take('a')).toBe(20_000);
  });

  it('counts each client by itself, and undefined not at all', () => {
    const limit = new RateLimit(1, () => 0);
    expect(limit.take('a')).toBeUndefined();
    expect(limit.take('b')).toBeUndefined();
    expect(limit.take('a')).toBe(MINUTE_MS);
    for (let asked = 0; asked < 10; asked += 1) expect(limit.take(undefined)).toBeUndefined();
    expect(limit.size).toBe(2);
  });

  it('remembers 10,000 clients, those that asked last', () => {
    const limit = new RateLimit(2, () => 0);
    limit.take('first');
    limit.take('second');
    for (let client = 0; client < 9_998; client += 1) limit.take(String(client));
    limit.take('first');
    limit.take('one more');
    expect(limit.size).toBe(10_000);
    expect(limit.take('first')).toBeGreaterThan(0);
    // Forgotten, so that it may ask twice again.
    expect([limit.take('second'), limit.take('second')]).toEqual([undefined, undefined]);
  });

  it('lets through no more than so many and those given back, in any span of time', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), steps, (perMinute, waits) => {
        let now = 0;
        const limit = new RateLimit(perMinute, () => now);
        const taken: number[] = [];
        for (const wait of waits) {
          now += wait;
          const refused = limit.take('a');
          if (refused === undefined) taken.push(now);
          else {
            // It says the truth: then, and not 1 ms sooner, one is let through.
            now += refused - 2;
            if (refused > 2) expect(limit.take('a')).toBeDefined();
            now += 2;
            expect(limit.take('a')).toBeUndefined();
            taken.push(now);
          }
        }
        for (const [from, start] of taken.entries()) {
          for (const [count, end] of taken.slice(from).entries()) {
            const most = perMinute + ((end - start) * perMinute) / MINUTE_MS;
            expect(count + 1).toBeLessThanOrEqual(most + 1e-3);
          }
        }
      }),
    );
  });
});
