import type { ContenderName } from '../contenders/contender.ts';
import { type Measurement, statisticOf, type Target, type Verdict } from '../report/measurement.ts';
import type { Bench } from './figure.ts';
import type { Server } from './server.ts';

/** What was measured of each contender, round by round. */
export type Rounds<Reading> = ReadonlyMap<ContenderName, readonly Reading[]>;

/**
 * Every contender has its turn in each round, and each round begins with another: what the
 * machine does meanwhile hits all of them alike.
 */
export async function takeTurns<Reading>(
  { plan, log }: Bench,
  title: string,
  names: readonly ContenderName[],
  measure: (name: ContenderName) => Promise<Reading>,
): Promise<Rounds<Reading>> {
  const rounds = new Map(names.map((name): [ContenderName, Reading[]] => [name, []]));
  for (let round = 0; round < plan.rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      log(`${title}: round ${round + 1} of ${plan.rounds}, ${name}`);
      rounds.get(name)?.push(await measure(name));
    }
  }
  return rounds;
}

/** Turns of servers that run all the time. */
export const takeServerTurns = <Reading>(
  bench: Bench,
  title: string,
  servers: readonly Server[],
  measure: (server: Server) => Promise<Reading>,
): Promise<Rounds<Reading>> =>
  takeTurns(
    bench,
    title,
    servers.map(({ name }) => name),
    (name) => {
      const server = servers.find((candidate) => candidate.name === name);
      if (!server) throw new RangeError(`${name} does not run`);
      return measure(server);
    },
  );

/** One quantity of what was read, to be compared between contenders. */
export interface Quantity<Reading> {
  readonly figure: string;
  readonly scenario: string;
  readonly unit: string;
  readonly of: (reading: Reading) => number;
  readonly loadBusy?: (reading: Reading) => number;
  /** Only of servers that were to be as busy as they can. */
  readonly serverBusy?: (reading: Reading) => number;
  readonly at?: number;
  /** The verdicts on it. */
  readonly verdicts?: readonly VerdictRule<Reading>[];
}

type VerdictRule<Reading> = (
  quantity: Quantity<Reading>,
  rounds: Rounds<Reading>,
) => Verdict | undefined;

export function summarise<Reading>(
  quantity: Quantity<Reading>,
  rounds: Rounds<Reading>,
): Measurement {
  const { figure, scenario, unit, of, loadBusy, serverBusy, at, verdicts = [] } = quantity;
  return {
    figure,
    scenario,
    unit,
    by: Object.fromEntries(
      [...rounds]
        .filter(([, values]) => values.length > 0)
        .map(([name, values]) => [
          name,
          {
            ...statisticOf(values.map(of)),
            ...(loadBusy && { loadBusy: Math.max(...values.map(loadBusy)) }),
            ...(serverBusy && { serverBusy: Math.min(...values.map(serverBusy)) }),
          },
        ]),
    ),
    verdicts: verdicts.flatMap((rule) => rule(quantity, rounds) ?? []),
    ...(at !== undefined && { at }),
  };
}

/** The gateway's, round by round in relation to the bare broadcast's of the same round. */
export const againstBare =
  <Reading>(target?: Target): VerdictRule<Reading> =>
  ({ of }, rounds) => {
    const gateway = rounds.get('gateway') ?? [];
    const bare = rounds.get('bare') ?? [];
    const ratios = gateway.flatMap((reading, round) => {
      const floor = bare[round];
      return floor === undefined ? [] : [of(reading) / of(floor)];
    });
    return verdict('÷ bare', ratios, target);
  };

/** The gateway's own. */
export const ofGateway =
  <Reading>(target: Target): VerdictRule<Reading> =>
  ({ of }, rounds) =>
    verdict('gateway', (rounds.get('gateway') ?? []).map(of), target);

export const verdict = (what: string, values: readonly number[], target?: Target): Verdict => ({
  what,
  ...statisticOf(values),
  ...(target && { target }),
});

export const atMost = (value: number): Target => ({ bound: 'at most', value });
export const atLeast = (value: number): Target => ({ bound: 'at least', value });
