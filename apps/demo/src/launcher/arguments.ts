import { parseArgs } from 'node:util';
import type { LaunchOptions } from './launch.ts';

/** What was asked for. */
export interface StartOptions extends LaunchOptions {
  /** Several gateways instead of one. */
  readonly isCluster: boolean;
}

export const help = `Three simulated sites, the gateway in front of them, and the event wall.

  pnpm start [--cluster] [--rate EVENTS_PER_S] [--past EVENTS] [--seed N]

  --cluster  three gateways that share a log on NATS JetStream, to kill one of them
  --rate     recognitions per second, all boxes together (default 2.5)
  --past     recognitions of the last 24 hours that the boxes have stored (default 600)
  --seed     what the simulated people and their ways are drawn from (default 1)
  --help     this text

  PORT       (environment) the public port, on loopback (default 4000; 0: any); with
             --cluster the next two as well`;

/** What was asked for can't be done; the message says what can. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function readArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions | 'help' {
  const { values } = parse(argv);
  if (values.help) return 'help';
  // A cluster also uses the next two ports.
  const max = values.cluster ? 65_533 : 65_535;
  return {
    isCluster: values.cluster,
    port: number('PORT', environment['PORT'] ?? '4000', { whole: true, max }),
    rate: number('--rate', values.rate, { whole: false, max: 1_000 }),
    past: number('--past', values.past, { whole: true, max: 100_000 }),
    seed: number('--seed', values.seed, { whole: true, max: 2 ** 31 }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        cluster: { type: 'boolean', default: false },
        rate: { type: 'string', default: '2.5' },
        past: { type: 'string', default: '600' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function number(name: string, text: string, allowed: { whole: boolean; max: number }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= allowed.max && (Number.isInteger(value) || !allowed.whole)) {
    return value;
  }
  const kind = allowed.whole ? 'a whole number' : 'a number';
  throw new UsageError(`${name} is "${text}"; it must be ${kind} from 0 to ${allowed.max}`);
}
