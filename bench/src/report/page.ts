import { readFileSync, writeFileSync } from 'node:fs';
import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import type { Measurement, Verdict } from './measurement.ts';
import { type Results, readLatest } from './results.ts';

export const PERFORMANCE_PAGE = new URL('../../../docs/performance.md', import.meta.url);

const BEGIN = '<!-- begin of what `pnpm bench` writes -->';
const END = '<!-- end of what `pnpm bench` writes -->';

const LABELS: Readonly<Record<ContenderName, string>> = {
  gateway: 'gateway',
  bare: 'bare ws',
  yoga: 'Yoga',
  mercurius: 'Mercurius',
};

/** Brings the page up to what the last full run has recorded. */
export const documentLatest = (): void =>
  writeFileSync(PERFORMANCE_PAGE, fillPage(readFileSync(PERFORMANCE_PAGE, 'utf8'), readLatest()));

/** The page with the figures of `results` between its marks, whatever stood there. */
export function fillPage(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new Error(`the page has no place for figures: expected "${BEGIN}" and "${END}"`);
  }
  const filled = `${aboutRun(results)}\n\n${tablesOf(results.measurements)}`;
  return `${page.slice(0, begin + BEGIN.length)}\n\n${filled}\n\n${page.slice(end)}`;
}

function aboutRun({ recordedAt, machine, rounds }: Results): string {
  const pinned = machine.pinned ? 'server and load on a core each' : 'server and load not pinned';
  const names = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `Recorded ${recordedAt.slice(0, 10)} with \`pnpm bench\` at ${machine.commit}: ${machine.cpu}, ${machine.cores} cores, ${pinned}, Node ${machine.node.slice(1)}; ${names.join(', ')}. Medians of ${rounds} rounds; the smallest and the largest in brackets.`;
}

/** A table of Markdown for each figure. */
export const tablesOf = (measurements: readonly Measurement[]): string =>
  [...Map.groupBy(measurements, ({ figure }) => figure)]
    .map(([figure, lines]) => `### ${figure}\n\n${tableOf(lines).join('\n')}`)
    .join('\n\n');

function tableOf(measurements: readonly Measurement[]): string[] {
  const shown = CONTENDERS.filter((name) => measurements.some(({ by }) => by[name]));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['', 'unit', ...shown.map((name) => LABELS[name]), 'load busy', 'server busy', 'verdict']),
    row(['---', '---', ...shown.map(() => '--:'), '--:', '--:', '---']),
    ...measurements.map((measurement) =>
      row([
        measurement.scenario,
        measurement.unit,
        ...shown.map((name) => numberOf(measurement.by[name]?.median)),
        formatBusy(measurement, 'loadBusy'),
        formatBusy(measurement, 'serverBusy'),
        measurement.verdict ? formatVerdict(measurement.verdict) : '',
      ]),
    ),
  ];
}

/** Three digits that count, thousands apart: 0.953, 7.01, 490,000. */
const numberOf = (value: number | undefined): string =>
  value?.toLocaleString('en', { maximumSignificantDigits: 3 }) ?? '';

/** `43/7 %`: of each contender that was measured, in their order. */
function formatBusy({ by }: Measurement, whose: 'loadBusy' | 'serverBusy'): string {
  const shares = CONTENDERS.flatMap((name) => by[name]?.[whose] ?? []);
  if (shares.length === 0) return '';
  return `${shares.map((share) => Math.round(share * 100)).join('/')} %`;
}

function formatVerdict({ what, median, min, max, target }: Verdict): string {
  const range = `**${numberOf(median)}** (${numberOf(min)}–${numberOf(max)}) ${what}`;
  if (!target) return range;
  const { bound, value } = target;
  const isMet = bound === 'at most' ? median <= value : median >= value;
  return `${range}; ${bound} ${numberOf(value)}: ${isMet ? 'met' : '**missed**'}`;
}
