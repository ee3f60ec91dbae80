import type { RunResult } from './run.ts';
import { erasedBy } from './verdict/erasures.ts';
import type { Finding } from './verdict/finding.ts';

/** Findings that are written out; the others are counted. */
const MAX_FINDINGS = 40;

/** Of the timeline, around the first findings, in ms. */
const BEFORE_MS = 15_000;
const AFTER_MS = 5_000;

const MAX_SURROUNDINGS = 3;

/** How often each name comes, a line each. */
export const countBy = (names: Iterable<string>): readonly string[] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => `${number(count).padStart(11)}  ${name}`);
};

const number = (value: number): string => value.toLocaleString('en');

/** What happened, counted. */
export function figures({ sent, records, order, troubles, settledMs, tokens }: RunResult): string {
  const deliveries = records.reduce((sum, { received }) => sum + received.length, 0);
  const replayed = records.reduce(
    (sum, { received }) => sum + received.filter((event) => event.replayed).length,
    0,
  );
  const inJournal = new Set(order.events.map(({ serial }) => serial));
  const missing = sent.filter(({ serial }) => !inJournal.has(serial));
  const erased = missing.filter(erasedBy(troubles)).length;
  const line = (value: number, what: string) => `${number(value).padStart(11)}  ${what}`;
  const backfilled = order.events.filter(({ delivery }) => delivery === 'BACKFILLED').length;
  const repeated = sent.filter(({ isRepeated, listeners }) => isRepeated && listeners > 0).length;
  return [
    'faults',
    ...countBy(troubles.map(({ fault }) => fault.kind)),
    'events',
    line(sent.length, 'said by the boxes'),
    line(sent.filter(({ listeners }) => listeners === 0).length, 'of them while nobody listened'),
    line(repeated, 'of them said twice'),
    line(order.events.length, 'in the journal'),
    line(backfilled, 'of them read back from the boxes'),
    line(erased, 'of erased persons'),
    line(missing.length - erased, 'not to be had, and declared'),
    'clients',
    line(records.length, 'clients'),
    ...(tokens === undefined ? [] : [line(tokens, 'tokens they have asked for')]),
    line(deliveries, 'deliveries'),
    line(replayed, 'of them replayed'),
    'gaps in the journal',
    ...countBy(order.gaps.map(({ gap }) => `${gap.reason} ${gap.boxId ?? ''}`)),
    'gaps said to clients',
    ...countBy(
      records.flatMap(({ received }) =>
        received.flatMap(({ gapsBefore }) => gapsBefore.map(({ reason }) => reason)),
      ),
    ),
    `settled after ${(settledMs / 1_000).toFixed(1)} s`,
  ].join('\n');
}

/** The same for findings that differ in times and numbers only. */
export const kindOf = ({ what }: Finding): string =>
  what.replaceAll(/[\d-]+T[\d:.]+Z|\d+|\(.*\)/g, '…');

/** By kind: what comes once often says why the others come a thousand times. */
function rarestFirst(findings: readonly Finding[]): readonly Finding[] {
  const byKind = Map.groupBy(findings, kindOf);
  return [...byKind.values()].toSorted((one, other) => one.length - other.length).flat();
}

/** What is wrong, and what happened around it. */
export function failures({ findings, timeline }: RunResult): string {
  const shown = rarestFirst(findings).slice(0, MAX_FINDINGS);
  const surroundings = shown
    .slice(0, MAX_SURROUNDINGS)
    .flatMap(({ who, what, at, received = [] }) => [
      '',
      `around "${who}: ${what}":`,
      ...received,
      ...timeline.around(at - BEFORE_MS, at + AFTER_MS),
    ]);
  return [
    `${findings.length} findings`,
    ...countBy(findings.map(({ who }) => who)),
    ...countBy(findings.map(kindOf)),
    ...shown.map(({ who, what, at }) => `${timeline.seconds(at)}  ${who}: ${what}`),
    ...surroundings,
  ].join('\n');
}
