import { readFileSync, writeFileSync } from 'node:fs';
import { GROWTH_CHART, LATEST, PERFORMANCE_PAGE } from '../files.ts';
import { drawGrowth } from './growth-chart.ts';
import { fillPage } from './performance-page.ts';
import { readResults } from './results.ts';

/** Brings the page and the picture up to what the last full run has recorded. */
export function documentLatest(): void {
  const results = readResults(LATEST);
  const chart = drawGrowth(results.measurements);
  if (chart !== undefined) writeFileSync(GROWTH_CHART, chart);
  writeFileSync(PERFORMANCE_PAGE, fillPage(readFileSync(PERFORMANCE_PAGE, 'utf8'), results));
}
