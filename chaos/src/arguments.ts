import { parseArgs } from 'node:util';
import { ATTACK_NAMES, type AttackName } from './hostile/attack.ts';

export interface Arguments {
  readonly seconds: number;
  readonly seed: number;
  /** Attacks instead of faults. */
  readonly hostile: boolean;
  /** Of the attacks, these alone; undefined: all. */
  readonly only: readonly AttackName[] | undefined;
  readonly help: boolean;
}

export const USAGE = [
  'pnpm chaos [--hostile [--only NAME,…]] [--seconds N] [--seed N]',
  '',
  '  --hostile    hostile clients and boxes beside honest ones, instead of faults',
  '  --only       these attacks alone',
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
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    seconds: whole('--seconds', values.seconds, 1, 86_400),
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
    hostile: values.hostile,
    only: values.only?.split(',').map(attackName),
    help: values.help,
  };
}

function attackName(text: string): AttackName {
  const name = ATTACK_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  throw new RangeError(`found --only ${text}; expected some of ${ATTACK_NAMES.join(', ')}`);
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`found ${option} ${text}; expected a whole number from ${least} to ${most}`);
}
