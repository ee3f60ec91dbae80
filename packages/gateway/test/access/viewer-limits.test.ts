import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { ViewerLimits } from '../../src/access/viewer-limits.ts';

const ONCE = { operationsPerMinute: 1, subscriptionsPerViewer: 1, picturesPerMinute: 1 };

const by = (viewer: Partial<Viewer>, address?: string): Caller => ({
  id: 'connection',
  viewer: { ...OPEN_VIEWER, ...viewer },
  address,
  transport: 'http',
});
const token = (name: string, address?: string) => by({ kind: 'credential', name }, address);
const jwt = (issuer: string, subject: string, address?: string) =>
  by({ kind: 'credential', name: subject, subject, issuer }, address);

describe('one viewer', () => {
  it.each([
    ['an address, without a credential', by({}, '192.0.2.1'), by({}, '192.0.2.1')],
    ['a token at an address', token('desk', '192.0.2.1'), token('desk', '192.0.2.1')],
    ['the holder of a JWT anywhere', jwt('id', 'guard', '192.0.2.1'), jwt('id', 'guard')],
  ])('is %s', (_, first, second) => {
    const limits = new ViewerLimits(ONCE, () => 0);
    expect([limits.operation(first), limits.operation(second)]).toEqual([undefined, 60_000]);
    using place = limits.subscription(first);
    expect(place).toBeDefined();
    expect(limits.subscription(second)).toBeUndefined();
  });

  it.each([
    ['another address', by({}, '192.0.2.1'), by({}, '192.0.2.2')],
    ['another token', token('desk', '192.0.2.1'), token('wall', '192.0.2.1')],
    ['the same token at another address', token('desk', '192.0.2.1'), token('desk', '192.0.2.2')],
    ['another subject', jwt('id', 'guard'), jwt('id', 'porter')],
    ['the same subject of another issuer', jwt('id', 'guard'), jwt('other', 'guard')],
    ['a token with the name of an address', by({}, '192.0.2.1'), token('192.0.2.1', '192.0.2.1')],
  ])('is not %s', (_, first, second) => {
    const limits = new ViewerLimits(ONCE, () => 0);
    expect([limits.operation(first), limits.operation(second)]).toEqual([undefined, undefined]);
    using one = limits.subscription(first);
    using other = limits.subscription(second);
    expect([one, other]).not.toContain(undefined);
  });

  it('may subscribe again once a subscription has ended', () => {
    const limits = new ViewerLimits(ONCE, () => 0);
    const caller = token('desk', '192.0.2.1');
    limits.subscription(caller)?.[Symbol.dispose]();
    expect(limits.subscription(caller)).toBeDefined();
  });
});

it.each([by({}), token('desk')])('this machine and proxies are not counted', (caller) => {
  const limits = new ViewerLimits(ONCE, () => 0);
  for (let asked = 0; asked < 3; asked += 1) {
    expect(limits.operation(caller)).toBeUndefined();
    expect(limits.subscription(caller)).toBeDefined();
    expect(limits.picture(undefined)).toBeUndefined();
  }
});

it('pictures are counted by the address of the client and the class they are signed for', () => {
  const limits = new ViewerLimits(ONCE, () => 0);
  expect(limits.picture('192.0.2.1')).toBeUndefined();
  expect(limits.picture('192.0.2.2')).toBeUndefined();
  expect(limits.picture('192.0.2.1', 'class')).toBeUndefined();
  expect(limits.picture('192.0.2.1', 'class')).toBe(60_000);
  expect(limits.picture('192.0.2.1')).toBe(60_000);
});
