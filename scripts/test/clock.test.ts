import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkClock } from '../clock/check-clock.ts';
import { findClockUses } from '../clock/find-uses.ts';

const rulesIn = (text: string): string[] =>
  findClockUses('planted.test.ts', text).map(({ line, rule }) => `${line}: ${rule.split(' ')[0]}`);

test('every package’s tests are read, and nothing in them depends on the speed of the machine', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { modules, problems } = checkClock(root);
  expect(modules).toBeGreaterThan(150);
  expect(problems).toEqual([]);
});

describe('a use of the clock is reported with its line', () => {
  test.each([
    ['a sleep', "import { setTimeout as sleep } from 'node:timers/promises';", '1: starts'],
    ['a sleep by another name', "import * as timers from 'timers/promises';", '1: starts'],
    ['a sleep that is made', '\nawait new Promise((go) => setTimeout(go, 50));', '2: starts'],
    ['a timer of the global object', 'globalThis.setTimeout(go, 50);', '1: starts'],
    ['an interval', 'setInterval(() => emit(), 3);', '1: starts'],
    ['a sleep of a browser', 'await page.waitForTimeout(500);', '1: starts'],
    ['a wait of one second', 'await vi.waitFor(() => isLive());', '1: gives'],
    ['a condition for one second', 'await vi.waitUntil(isLive);', '1: gives'],
    ['a time in an expectation', 'expect(Date.now()).toBeLessThan(end);', '1: lets'],
    ['a time to compare with', 'expect(at).not.toBeGreaterThan(Date.now() + 5);', '1: lets'],
    ['a time within a polled value', 'await expect.poll(() => Date.now()).toBe(1);', '1: lets'],
    ['a time that ends a loop', 'while (performance.now() < end) emit();', '1: lets'],
    ['a time that went by', 'const took = Math.round(Date.now() - began);', '1: lets'],
    ['a bound of a test', "it('is', async () => {}, 5_000);", '1: has'],
    ['a bound of each test', "test.each([1])('%i', () => {}, 5_000);", '1: has'],
    ['a bound of a hook', 'beforeAll(async () => {}, 5_000);', '1: has'],
    ['a bound among options', "describe('it', { timeout: 5_000 }, () => {});", '1: has'],
    ['a bound of a signal', 'until(isLive, AbortSignal.timeout(500));', '1: has'],
    ['a test that is run again', "it('is', { retry: 2 }, () => {});", '1: is'],
  ])('%s', (_, text, expected) => {
    expect(rulesIn(text)).toEqual([expected]);
  });
});

test.each([
  ['a turn of the event loop', "import { setImmediate } from 'node:timers/promises';"],
  ['a time as data', 'const now = Date.now(); emit({ timestamp: Date.now() - 60_000 });'],
  ['a time in the past as data', 'emit({ timestamp: Date.now() - 2 * DAY_MS });'],
  ['a time that something else judges', 'expect(verify({ began: Date.now() })).toBe(true);'],
  ['no waiting at all', 'open(path, { timeout: 0 });'],
  ['an input of a state machine', "next({ retry: { type: 'retry', at: 5 } });"],
  ['a test’s table', "it.each([1, 2])('is %i', () => {});"],
])('%s is no use of the clock', (_, text) => {
  expect(rulesIn(text)).toEqual([]);
});

describe('a comment that explains', () => {
  test('allows the use on its own line, and the one on the next', () => {
    expect(rulesIn('setTimeout(go, 5); // clock: how slowly the server sends')).toEqual([]);
    expect(rulesIn('// clock: how slowly the server sends\nsetTimeout(go, 5);')).toEqual([]);
  });

  test('allows nothing further on', () => {
    const text = '// clock: how slowly the server sends\n\nsetTimeout(go, 5);';
    expect(rulesIn(text)).toEqual(['1: "clock:"', '3: starts']);
  });

  test('needs a reason', () => {
    expect(rulesIn('// clock:\nsetTimeout(go, 5);')).toEqual(['1: "clock:"', '2: starts']);
  });

  test('goes with what it explained', () => {
    expect(rulesIn('// clock: how slowly the server sends\nemit();')).toEqual(['1: "clock:"']);
  });
});

test('what is no TypeScript is an error that names the file', () => {
  expect(() => findClockUses('planted.test.ts', 'expect(')).toThrow(/^planted\.test\.ts: /);
});
