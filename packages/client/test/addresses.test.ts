import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Addresses } from '../src/addresses.ts';
import { ClientError } from '../src/errors.ts';
import { createClient } from '../src/index.ts';

const lost = new ClientError('NETWORK', 'lost');
const wrong = new ClientError('PROTOCOL', 'no gateway');

const listOf = (count: number) => Array.from({ length: count }, (_, index) => `http://gw-${index}`);

/** `begin`: index of the address to begin with. */
const addressesOf = (count: number, begin: number) =>
  new Addresses(listOf(count), () => (begin + 0.5) / count);

const cluster = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => fc.record({ count: fc.constant(count), begin: fc.nat({ max: count - 1 }) }));

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the address to begin with', () => {
  test('is each one of the list for an equal part of the draws', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (count, drawn) => {
          const { base } = new Addresses(listOf(count), () => drawn).current;
          expect(base).toBe(`http://gw-${Math.floor(drawn * count)}`);
        },
      ),
    );
  });

  test('may be relative to the page', () => {
    vi.stubGlobal('location', { origin: 'https://desk.example.com' });
    const addresses = new Addresses(['/faces', 'https://gw-b.example.com'], () => 0);
    expect(addresses.current.base).toBe('https://desk.example.com/faces');
    expect(addresses.after(addresses.current).base).toBe('https://gw-b.example.com');
  });

  test('is missing in an empty list, which is refused with what to do', () => {
    const url = [] as unknown as readonly [string];
    expect(() => createClient({ url })).toThrow(ClientError);
    expect(() => createClient({ url })).toThrow(/empty list: pass at least one address/);
    expect(() => createClient({ url: ['http://gw-a', 'gw-b:4000'] })).toThrow(/"gw-b:4000"/);
  });
});

describe('addresses that fail', () => {
  test('are left round robin, at once until all have failed since the last success', () => {
    const step = fc.constantFrom('failure', 'success');
    fc.assert(
      fc.property(cluster, fc.array(step, { maxLength: 40 }), ({ count, begin }, steps) => {
        const addresses = addressesOf(count, begin);
        let failures = 0;
        let inARow = 0;
        for (const next of steps) {
          expect(addresses.current.base).toBe(`http://gw-${(begin + failures) % count}`);
          if (next === 'success') {
            addresses.forget();
            inARow = 0;
          } else {
            failures += 1;
            inARow += 1;
            expect(addresses.failed(lost)).toBe(inARow < count ? 'at once' : 'later');
          }
        }
      }),
    );
  });

  test('are given up only when each of them has failed for good the last time', () => {
    const errors = fc.array(fc.constantFrom(lost, wrong), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(cluster, errors, ({ count, begin }, inTurn) => {
        const addresses = addressesOf(count, begin);
        const verdicts = inTurn.map((error) => addresses.failed(error));
        verdicts.forEach((verdict, index) => {
          const newest = inTurn.slice(0, index + 1).slice(-count);
          const isFinal = newest.length === count && newest.every((error) => error === wrong);
          expect(verdict === 'never').toBe(isFinal);
        });
      }),
    );
  });
});

test('an address is left only while it is in use, however many requests fail there', () => {
  const addresses = addressesOf(3, 0);
  const begin = addresses.current;
  addresses.leave(begin);
  addresses.leave(begin);
  expect(addresses.current.base).toBe('http://gw-1');
  addresses.leave(addresses.current);
  addresses.leave(begin);
  expect(addresses.current.base).toBe('http://gw-2');
});
