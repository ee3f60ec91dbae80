import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GROWTH_CHART, LATEST, PERFORMANCE_PAGE } from '../../src/files.ts';
import { drawGrowth } from '../../src/report/growth-chart.ts';
import type { Measurement } from '../../src/report/measurement.ts';
import { fillPage } from '../../src/report/performance-page.ts';
import { type Results, readResults } from '../../src/report/results.ts';

const page = readFileSync(PERFORMANCE_PAGE, 'utf8');

const point = (figure: string, at: number, gateway: number): Measurement => ({
  figure,
  scenario: `${at}`,
  unit: 'µs',
  by: { gateway: { median: gateway, min: gateway, max: gateway } },
  verdicts: [],
  at,
});

const results: Results = {
  command: 'pnpm bench',
  recordedAt: '2026-01-02T03:04:05.000Z',
  machine: {
    cpu: 'a processor',
    cores: 2,
    pinned: true,
    openFiles: 20_000,
    node: 'v24.0.0',
    commit: 'abc',
  },
  versions: { ws: '8' },
  rounds: 3,
  measurements: [
    point('growth-subscribers', 10, 100),
    point('growth-subscribers', 1_000, 10),
    point('growth-boxes', 1, 5),
  ],
  failures: {},
};

describe('the page', () => {
  test('takes the figures between its marks, and again the next time', () => {
    const filled = fillPage(page, results);
    expect(filled).toContain('a processor, 2 cores, server and load on a core each, Node 24.0.0');
    expect(filled).toContain('### growth-boxes');
    expect(fillPage(filled, results)).toBe(filled);
    expect(fillPage(filled, { ...results, measurements: [] })).not.toContain('growth-boxes\n');
  });

  test('without marks is refused', () => {
    expect(() => fillPage('# Performance\n', results)).toThrow(/no place for figures/);
  });
});

test('a curve goes through its points on logarithmic axes', () => {
  const svg = drawGrowth(results.measurements) ?? '';
  const lines = svg.match(/<polyline[^>]*points="([^"]*)"/g);
  expect(lines).toHaveLength(2);
  // 100 and 10 µs are the top and the bottom of their axis.
  expect(lines?.[0]).toContain('points="68,34 376,276"');
  expect(drawGrowth([])).toBeUndefined();
});

describe.runIf(existsSync(LATEST))('what is recorded', () => {
  test('stands in the page and in the picture as it was measured', () => {
    const latest = readResults(LATEST);
    expect(fillPage(page, latest)).toBe(page);
    expect(drawGrowth(latest.measurements)).toBe(readFileSync(GROWTH_CHART, 'utf8'));
  });

  test('names neither a machine nor a path', () => {
    expect(readFileSync(LATEST, 'utf8')).not.toMatch(/hostname|\/(home|root|work|tmp|Users)\//);
  });
});
