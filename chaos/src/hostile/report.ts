import { countBy, kindOf } from '../report.ts';
import { ATTACK_NAMES } from './attack.ts';
import type { HostileResult } from './run.ts';

/** Findings that are written out; the others are counted. */
const MAX_FINDINGS = 40;

const number = (value: number): string => value.toLocaleString('en');

const mib = (bytes: number): string => `${number(Math.round(bytes / 2 ** 20))} MiB`;

/**
 * With more programs than that beside the run for each core, quietly, its times tell more of them
 * than of the gateway.
 */
const BUSY_LOAD = 1.5;

const machineOf = ({ load, cores }: HostileResult['machine']): string =>
  `the machine: ${cores} cores, a load of ${load.toFixed(1)} before the attacks${
    load > BUSY_LOAD * cores ? ': busy with other programs, so the times tell little' : ''
  }`;

/** What was tried and what came of it, how long honest clients waited, and what the gateway took. */
export function hostileFigures({
  attacks,
  latencies,
  memory,
  stopMs,
  machine,
  ownLagMs,
  sent,
}: HostileResult): string {
  const names = ATTACK_NAMES.filter((name) => attacks.has(name));
  const width = Math.max(...names.map(({ length }) => length));
  return [
    'attacks: tries, and what came of them (left: the attacker went first)',
    ...names.map((name) => {
      const { tries = 0, outcomes = {} } = attacks.get(name) ?? {};
      const shown = Object.entries(outcomes)
        .toSorted(([, one], [, other]) => other - one)
        .map(([outcome, count]) => `${number(count)} × ${outcome}`);
      return `  ${name.padEnd(width)} ${number(tries).padStart(9)}  ${shown.join(', ')}`;
    }),
    `honest clients: p99, quiet and beside the attacks (${number(sent)} events)`,
    ...latencies.map(
      ({ name, quietP99, hostileP99, hostileMost, bound, samples }) =>
        `  ${name.padEnd(21)} ${String(quietP99).padStart(6)} ms → ${hostileP99} ms (may be ${bound} ms; the longest ${hostileMost} ms; of ${number(samples.quiet)} and ${number(samples.hostile)})`,
    ),
    memory === undefined
      ? 'memory of the gateway: not measured, the system does not tell'
      : `memory of the gateway: ${mib(memory.quiet)} quiet, ${mib(memory.most)} at most`,
    `ended ${number(stopMs)} ms after SIGTERM`,
    machineOf(machine),
    `the measuring process: its event loop was late by ${ownLagMs} ms (p99) beside the attacks`,
  ].join('\n');
}

/** What is wrong. */
export function hostileFailures({ findings, excesses, timeline }: HostileResult): string {
  return [
    `${findings.length} findings, ${excesses.length} figures that are too high`,
    ...excesses,
    ...countBy(findings.map(({ who }) => who)),
    ...countBy(findings.map(kindOf)),
    ...findings
      .slice(0, MAX_FINDINGS)
      .map(({ who, what, at }) => `${timeline.seconds(at)}  ${who}: ${what}`),
  ].join('\n');
}
