import { parseArgs } from 'node:util';
import { CLUSTER_FAULTS, type FaultOfCluster } from './cluster/plan.ts';
import { ATTACK_NAMES, type AttackName } from './hostile/attack.ts';

/** What is tested. `only`: of the attacks or faults, these alone; undefined: all. */
export type Subject =
  /** One gateway under faults. */
  | { readonly kind: 'gateway' }
  /** One gateway under attack. */
  | { readonly kind: 'hostile'; readonly only: readonly AttackName[] | undefined }
  /** Gateways that share a log, under faults. */
  | { readonly kind: 'cluster'; readonly only: readonly FaultOfCluster['kind'][] | undefined };

export interface Arguments {
  readonly subject: Subject;
  readonly seconds: number;
  readonly seed: number;
  readonly help: boolean;
}

export const USAGE = [
  'pnpm chaos [--hostile | --cluster] [--only NAME,…] [--seconds N] [--seed N]',
  '',
  '  --hostile    hostile clients and boxes beside honest ones, instead of faults',
  '  --cluster    three gateways that share a log on NATS, instead of one',
  '  --only       these attacks alone, or of the faults of a cluster these kinds alone',
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
      cluster: { type: 'boolean', default: false },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    subject: subjectOf(values),
    seconds: whole('--seconds', values.seconds, 1, 86_400),
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
    help: values.help,
  };
}

function subjectOf({
  hostile,
  cluster,
  only,
}: {
  readonly hostile: boolean;
  readonly cluster: boolean;
  readonly only?: string | undefined;
}): Subject {
  if (hostile && cluster)
    throw new RangeError('found --hostile and --cluster; expected one of them');
  if (hostile) return { kind: 'hostile', only: namesIn(only, ATTACK_NAMES) };
  if (cluster) return { kind: 'cluster', only: namesIn(only, CLUSTER_FAULTS) };
  if (only === undefined) return { kind: 'gateway' };
  throw new RangeError('found --only; expected it with --hostile or --cluster');
}

const namesIn = <Name extends string>(
  list: string | undefined,
  names: readonly Name[],
): readonly Name[] | undefined =>
  list?.split(',').map((text) => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    throw new RangeError(`found --only ${text}; expected some of ${names.join(', ')}`);
  });

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`found ${option} ${text}; expected a whole number from ${least} to ${most}`);
}
