import { CONTENDERS } from '../contenders/contender.ts';
import { formatBusy, formatStatistic, formatVerdict, LABELS } from './format.ts';
import type { Measurement } from './measurement.ts';

const HEADINGS = [
  '',
  'unit',
  ...CONTENDERS.map((name) => LABELS[name]),
  'load busy',
  'server busy',
  'verdict',
];

/** Where the columns of numbers begin and end: they are set flush right. */
const FIRST_NUMBER = 2;
const LAST_NUMBER = FIRST_NUMBER + CONTENDERS.length + 1;

/** All measurements as lines of text in columns. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = [HEADINGS, ...measurements.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => {
          const isNumber = column >= FIRST_NUMBER && column <= LAST_NUMBER;
          const width = widths[column] ?? 0;
          return isNumber ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cellsOf = (measurement: Measurement): string[] => [
  `${measurement.figure}: ${measurement.scenario}`,
  measurement.unit,
  ...CONTENDERS.map((name) => formatStatistic(measurement.by[name])),
  formatBusy(measurement, 'loadBusy'),
  formatBusy(measurement, 'serverBusy'),
  measurement.verdicts.map(formatVerdict).join('; '),
];
