import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { faultHelp, type PlannedFault, parseFault } from './fault-plan.ts';
import type { SimulatorOptions } from './simulator.ts';
import { UsageError } from './usage-error.ts';

export type Arguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly options: SimulatorOptions;
      readonly faults: readonly PlannedFault[];
    };

const FLAGS = {
  'api-port': { type: 'string', default: '5555' },
  'event-port': { type: 'string', default: '5679' },
  devices: { type: 'string', default: '4' },
  rate: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  host: { type: 'string', default: '127.0.0.1' },
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig;

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

export const HELP = `A simulated SE5 box: live events over WebSocket, the device list over HTTP.

Usage: simulate [options]

${table([
  ['--event-port N', 'WebSocket port (5679); 0 takes a free one'],
  ['--api-port N', 'HTTP port (5555); 0 takes a free one'],
  ['--devices N', 'number of devices (4)'],
  ['--rate N', 'events per second, on average over all devices (1)'],
  ['--seed N', 'whole number that the devices and the stream are drawn from (1)'],
  ['--host HOST', 'address to listen on (127.0.0.1)'],
  ['--fault FAULT', 'something that goes wrong; may be given several times'],
])}

A FAULT is NAME[=VALUE][@AFTER][/FOR], both in seconds: \`refuse=unavailable@10/20\` answers with
503 from the 10th to the 30th second. Without @AFTER it begins at once, without /FOR it lasts.

${table(faultHelp())}`;

const amount = (
  flag: string,
  text: string,
  { max, whole }: { readonly max: number; readonly whole: boolean },
): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= max && (!whole || Number.isInteger(value))) {
    return value;
  }
  throw new UsageError(
    `--${flag} takes a ${whole ? 'whole number' : 'number'} from 0 to ${max}, not "${text}"`,
  );
};

const readFlags = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    const problem = (error instanceof Error ? error.message : String(error))
      .replaceAll('\n', ' ')
      .replace(/\.$/, '');
    const allowed = Object.keys(FLAGS).map((flag) => `--${flag}`);
    throw new UsageError(`${problem}; allowed are ${allowed.join(', ')}`, { cause: error });
  }
};

/** @throws {UsageError} */
export const parseArguments = (argv: readonly string[]): Arguments => {
  const flags = readFlags(argv);
  if (flags.help) return { help: true };
  const port = { max: 65_535, whole: true };
  return {
    help: false,
    options: {
      host: flags.host,
      apiPort: amount('api-port', flags['api-port'], port),
      eventPort: amount('event-port', flags['event-port'], port),
      devices: amount('devices', flags.devices, { max: 1000, whole: true }),
      ratePerSecond: amount('rate', flags.rate, { max: 10_000, whole: false }),
      seed: amount('seed', flags.seed, { max: 2 ** 32 - 1, whole: true }),
    },
    faults: (flags.fault ?? []).map(parseFault),
  };
};
