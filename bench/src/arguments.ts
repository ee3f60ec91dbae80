import { parseArgs } from 'node:util';
import type { Figure } from './figures/figure.ts';
import { FIGURES } from './figures/index.ts';

export interface Arguments {
  readonly quick: boolean;
  /** What is measured, in the order of the table. */
  readonly figures: readonly Figure[];
  /** Nothing is measured; the page is written anew from what was recorded last. */
  readonly document: boolean;
  readonly help: boolean;
}

export const USAGE = [
  'pnpm bench [--quick] [--only NAME]... [--document]',
  '',
  '  --quick      a smoke run of two minutes; its figures mean little',
  '  --only NAME  this figure alone; may be repeated',
  '  --document   measures nothing: writes docs/performance.md anew from bench/results/latest.json',
  '',
  'Only a run of everything is recorded in bench/results/latest.json and docs/performance.md.',
  '',
  ...FIGURES.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`),
].join('\n');

/** @throws {TypeError | RangeError} what is wrong with the command line. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      document: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { only, ...flags } = values;
  const names = FIGURES.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`found --only ${unknown}; figures are ${names.join(', ')}`);
  }
  return { ...flags, figures: FIGURES.filter(({ name }) => only?.includes(name) ?? true) };
}
