import { parseArgs } from 'node:util';
import type { Figure } from './figures/figure.ts';

export interface Arguments {
  readonly quick: boolean;
  /** What is measured, in the order of the table. */
  readonly figures: readonly Figure[];
  readonly help: boolean;
}

export const usage = (all: readonly Figure[]): string =>
  [
    'pnpm bench [--quick] [--only NAME]...',
    '',
    '  --quick      a smoke run of under a minute; its figures mean little',
    '  --only NAME  this figure alone; may be repeated',
    '',
    'Only a run of everything is recorded in bench/results/latest.json and docs/performance.md;',
    'any other goes to bench/results/partial.json.',
    '',
    ...all.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`),
  ].join('\n');

/** @throws {TypeError | RangeError} what is wrong with the command line. */
export function readArguments(args: readonly string[], all: readonly Figure[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, only, help } = values;
  const names = all.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`found --only ${unknown}; figures are ${names.join(', ')}`);
  }
  return { quick, help, figures: all.filter(({ name }) => only?.includes(name) ?? true) };
}
