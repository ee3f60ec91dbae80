import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { againstBare, atLeast, atMost, ofGateway, summarise } from '../../src/figures/rounds.ts';
import { statisticOf } from '../../src/report/measurement.ts';
import { fillPage, PERFORMANCE_PAGE, tablesOf } from '../../src/report/page.ts';
import { LATEST, readLatest } from '../../src/report/results.ts';

const page = readFileSync(PERFORMANCE_PAGE, 'utf8');

test('a statistic is the median with the smallest and the largest', () => {
  expect(statisticOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(statisticOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => statisticOf([])).toThrow(RangeError);
  expect(() => statisticOf([1, Number.NaN])).toThrow(RangeError);
});

test('a table shows medians, who was busy, and verdicts over what the same round measured', () => {
  const rounds = new Map([
    ['gateway', [11, 9, 30_000]],
    ['bare', [10, 10, 20_000]],
  ] as const);
  const row = { scenario: 'a', unit: 'µs', of: (micros: number) => micros };
  const measurements = summarise(
    'fan-out',
    rounds,
    [
      { ...row, rule: againstBare(atMost(1.05)) },
      { ...row, rule: ofGateway(atLeast(10)) },
    ],
    (micros) => ({ loadBusy: micros / 100_000, serverBusy: micros / 100 }),
  );
  expect(tablesOf(measurements).split('\n')).toEqual([
    '### fan-out',
    '',
    '|  | unit | gateway | bare ws | load busy | server busy | verdict |',
    '| --- | --- | --: | --: | --: | --: | --- |',
    '| a | µs | 11 | 10 | 30/20 % | 9/10 % | **1.1** (0.9–1.5) ÷ bare; at most 1.05: **missed** |',
    '| a | µs | 11 | 10 | 30/20 % | 9/10 % | **11** (9–30,000) gateway; at least 10: met |',
  ]);
});

test('the page holds what was recorded last', () => {
  expect(fillPage(page, readLatest())).toBe(page);
  expect(() => fillPage('# Performance\n', readLatest())).toThrow(/no place for figures/);
});

test('what is recorded names neither a machine nor a path', () => {
  expect(readFileSync(LATEST, 'utf8')).not.toMatch(/hostname|\/(home|root|work|tmp|Users)\//);
});
