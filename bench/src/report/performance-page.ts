import { CONTENDERS } from '../contenders/contender.ts';
import { formatBusy, formatNumber, formatStatistic, LABELS } from './format.ts';
import { isMet, type Measurement, type Verdict } from './measurement.ts';
import type { Results } from './results.ts';

const BEGIN = '<!-- begin of what `pnpm bench` writes -->';
const END = '<!-- end of what `pnpm bench` writes -->';

/** The page with the figures of `results` between its marks, whatever stood there. */
export function fillPage(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new Error(`the page has no place for figures: expected "${BEGIN}" and "${END}"`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figuresOf(results)}\n${page.slice(end)}`;
}

function figuresOf({ command, recordedAt, machine, versions, rounds, measurements }: Results) {
  const pinned = machine.pinned ? 'server and load on a core each' : 'server and load not pinned';
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const figures = Map.groupBy(measurements, ({ figure }) => figure);
  return [
    `Recorded ${recordedAt.slice(0, 10)} with \`${command}\` at ${machine.commit}: ${machine.cpu}, ${machine.cores} cores, ${pinned}, Node ${machine.node.slice(1)}; ${names.join(', ')}. Medians of ${rounds} rounds; the smallest and the largest in brackets.`,
    '',
    ...[...figures].flatMap(([figure, lines]) => [`### ${figure}`, '', ...tableOf(lines), '']),
  ].join('\n');
}

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
        ...shown.map((name) => formatStatistic(measurement.by[name])),
        formatBusy(measurement, 'loadBusy'),
        formatBusy(measurement, 'serverBusy'),
        measurement.verdicts.map(formatOutcome).join('<br>'),
      ]),
    ),
  ];
}

function formatOutcome(verdict: Verdict): string {
  const { what, median, min, max, target } = verdict;
  const range = `**${formatNumber(median)}** (${formatNumber(min)}–${formatNumber(max)}) ${what}`;
  if (!target) return range;
  const asked = `${target.bound} ${formatNumber(target.value)}`;
  return `${range}; ${asked}: ${isMet(verdict) ? 'met' : '**missed**'}`;
}
