import { parseArgs } from 'node:util';

export interface Arguments {
  readonly seconds: number;
  readonly seed: number;
  /** Attacks instead of faults. */
  readonly hostile: boolean;
  readonly help: boolean;
}

export const USAGE = [
  'pnpm chaos [--hostile] [--seconds N] [--seed N]',
  '',
  '  --hostile    hostile clients and boxes beside honest ones, instead of faults',
  '  --seconds N  how long faults or attacks happen; default 60',
  '  --seed N     of them and of what the boxes say; default: another one each time',
].join('\n');

/** @throws {TypeError | RangeError} what is wrong with the command line. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      hostile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    seconds: whole('--seconds', values.seconds, 1, 86_400),
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
    hostile: values.hostile,
    help: values.help,
  };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`found ${option} ${text}; expected a whole number from ${least} to ${most}`);
}
