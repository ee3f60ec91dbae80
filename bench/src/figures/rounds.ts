import type { ContenderName } from '../contenders/contender.ts';
import { type Measurement, statisticOf, type Target, type Verdict } from '../report/measurement.ts';
import type { Bench } from './figure.ts';

/** What was measured of each contender, round by round. */
export type Rounds<Reading> = ReadonlyMap<ContenderName, readonly Reading[]>;

/**
 * Every contender has its turn in each round, and each round begins with another: what the
 * machine does meanwhile hits all of them alike.
 */
export async function takeTurns<Name extends ContenderName, Reading>(
  { plan, log }: Bench,
  title: string,
  names: readonly Name[],
  measure: (name: Name) => Promise<Reading>,
): Promise<Rounds<Reading>> {
  const rounds = new Map(names.map((name): [Name, Reading[]] => [name, []]));
  for (let round = 0; round < plan.rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      log(`${title}: round ${round + 1} of ${plan.rounds}, ${name}`);
      rounds.get(name)?.push(await measure(name));
    }
  }
  return rounds;
}

/** One line of the table: a quantity of a reading, and what is asked of it. */
export interface Row<Reading> {
  readonly scenario: string;
  readonly unit: string;
  readonly of: (reading: Reading) => number;
  readonly rule?: Rule;
}

/** A number of the gateway, alone or beside the bare contender's of the same round. */
export interface Rule {
  readonly what: string;
  readonly of: (gateway: number, bare: number) => number;
  /** Undefined: reported, and nothing is asked of it. */
  readonly target?: Target;
}

export const againstBare = (target?: Target): Rule => ({
  what: '÷ bare',
  of: (gateway, bare) => gateway / bare,
  ...(target && { target }),
});

export const ofGateway = (target: Target): Rule => ({
  what: 'gateway',
  of: (gateway) => gateway,
  target,
});

export const atMost = (value: number): Target => ({ bound: 'at most', value });
export const atLeast = (value: number): Target => ({ bound: 'at least', value });

/** Who was the limit, as shares of time from 0 to 1. */
interface Busy {
  readonly loadBusy?: number;
  readonly serverBusy?: number;
}

export const summarise = <Reading>(
  figure: string,
  rounds: Rounds<Reading>,
  rows: readonly Row<Reading>[],
  busyOf: (reading: Reading) => Busy = () => ({}),
): Measurement[] =>
  rows.map(({ scenario, unit, of, rule }) => ({
    figure,
    scenario,
    unit,
    by: Object.fromEntries(
      [...rounds].map(([name, readings]) => [
        name,
        { ...statisticOf(readings.map(of)), ...worst(readings.map(busyOf)) },
      ]),
    ),
    ...(rule && { verdict: judge(rule, rounds, of) }),
  }));

function worst(readings: readonly Busy[]): Busy {
  const load = readings.flatMap(({ loadBusy }) => loadBusy ?? []);
  const server = readings.flatMap(({ serverBusy }) => serverBusy ?? []);
  return {
    ...(load.length > 0 && { loadBusy: Math.max(...load) }),
    ...(server.length > 0 && { serverBusy: Math.min(...server) }),
  };
}

function judge<Reading>(
  rule: Rule,
  rounds: Rounds<Reading>,
  of: (reading: Reading) => number,
): Verdict {
  const bare = rounds.get('bare')?.map(of) ?? [];
  const values = rounds
    .get('gateway')
    ?.map((reading, round) => rule.of(of(reading), bare[round] ?? 0));
  const { what, target } = rule;
  return { what, ...statisticOf(values ?? []), ...(target && { target }) };
}
