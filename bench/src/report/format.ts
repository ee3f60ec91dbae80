import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import { isMet, type Measurement, type Statistic, type Verdict } from './measurement.ts';

/** How tables and pages name the contenders. */
export const LABELS: Readonly<Record<ContenderName, string>> = {
  gateway: 'gateway',
  bare: 'bare ws',
  yoga: 'Yoga',
  mercurius: 'Mercurius',
};

/** Three digits that count, thousands apart: 0.953, 7.01, 490,000. */
export const formatNumber = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 3 });

export const formatStatistic = (statistic: Statistic | undefined): string =>
  statistic === undefined ? '' : formatNumber(statistic.median);

/** `1.03 (1.01–1.05) ÷ bare, at most 1.1: met`. */
export function formatVerdict(verdict: Verdict): string {
  const { what, median, min, max, target } = verdict;
  const range = `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)}) ${what}`;
  if (!target) return range;
  const outcome = isMet(verdict) ? 'met' : 'MISSED';
  return `${range}, ${target.bound} ${formatNumber(target.value)}: ${outcome}`;
}

/** `43/7 %`: of each contender that was measured, in their order. */
export function formatBusy({ by }: Measurement, whose: 'loadBusy' | 'serverBusy'): string {
  const shares = CONTENDERS.flatMap((name) => by[name]?.[whose] ?? []);
  if (shares.length === 0) return '';
  return `${shares.map((share) => Math.round(share * 100)).join('/')} %`;
}
