import { describe, expect, test } from 'vitest';
import { againstBare, atLeast, atMost, ofGateway, summarise } from '../../src/figures/rounds.ts';
import { formatNumber, formatVerdict } from '../../src/report/format.ts';
import { isMet, statisticOf } from '../../src/report/measurement.ts';
import { formatTable } from '../../src/report/table.ts';

test('a statistic is the median with the smallest and the largest', () => {
  expect(statisticOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(statisticOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => statisticOf([])).toThrow(RangeError);
  expect(() => statisticOf([1, Number.NaN])).toThrow(RangeError);
});

const rounds = new Map([
  ['gateway', [11, 9, 30]],
  ['bare', [10, 10, 20]],
] as const);

const measurement = summarise(
  {
    figure: 'fan-out',
    scenario: '5,000 subscribers',
    unit: 'µs CPU a delivery',
    of: (micros: number) => micros,
    loadBusy: (micros: number) => micros / 100,
    verdicts: [againstBare(atMost(1.05)), ofGateway(atLeast(10))],
  },
  rounds,
);

describe('a measurement', () => {
  test('has each contender’s statistic over the rounds', () => {
    expect(measurement.by).toEqual({
      gateway: { median: 11, min: 9, max: 30, loadBusy: 0.3 },
      bare: { median: 10, min: 10, max: 20, loadBusy: 0.2 },
    });
  });

  test('compares what was measured in the same round, and says whether that will do', () => {
    const [ratio, own] = measurement.verdicts;
    expect(ratio).toMatchObject({ median: 1.1, min: 0.9, max: 1.5 });
    expect(ratio && isMet(ratio)).toBe(false);
    expect(own && isMet(own)).toBe(true);
    expect(ratio && formatVerdict(ratio)).toBe('1.1 (0.9–1.5) ÷ bare, at most 1.05: MISSED');
  });

  test('is one line of the table, numbers flush right', () => {
    const lines = formatTable([measurement, { ...measurement, by: {} }]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('gateway  bare ws');
    expect(lines[1]).toContain('     11       10');
    expect(lines[1]).toContain(' 30/20 % ');
  });
});

test('numbers have three digits that count', () => {
  expect([0.12345, 7, 31.49, 489_876].map(formatNumber)).toEqual(['0.123', '7', '31.5', '490,000']);
});
