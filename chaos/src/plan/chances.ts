import { Random } from '@se5/simulator';
import type { Fault, FaultKind, FaultOf, Planned } from './fault.ts';

export interface Chance<Kind extends FaultKind, Options> {
  /** From one to the next on average. Every plan has one of each at least. */
  readonly everySeconds: number;
  readonly draw: (random: Random, options: Options) => Omit<FaultOf<Kind>, 'kind'>;
}

/** How often each kind of fault happens, and how bad it is. */
export type Chances<Kind extends FaultKind, Options> = {
  readonly [Each in Kind]: Chance<Each, Options>;
};

/** What every plan is drawn by. */
export interface Span {
  readonly seed: number;
  readonly seconds: number;
}

/** What follows a fault, so that it is worse. */
type Aftermath<Kind extends FaultKind, Options> = (
  fault: Planned<FaultOf<Kind>>,
  random: Random,
  options: Options,
) => readonly Planned<FaultOf<Kind>>[];

/** The faults of a seed, in the order of time: the same options, the same faults. */
export function drawPlan<Kind extends FaultKind, Options extends Span>(
  chances: Chances<Kind, Options>,
  options: Options,
  aftermath: Aftermath<Kind, Options> = () => [],
): readonly Planned<FaultOf<Kind>>[] {
  const faults = kindsOf(chances).flatMap((kind) => {
    const random = new Random(options.seed, kind);
    const { everySeconds, draw } = chances[kind];
    const count = Math.max(1, Math.round(options.seconds / everySeconds));
    return Array.from({ length: count }, () => {
      // `kind` decides of which type the rest is, which the compiler can't follow through a table.
      const drawn = { kind, ...draw(random, options) } as FaultOf<Kind>;
      const fault = placed(drawn, random, options.seconds * 1_000);
      return [fault, ...aftermath(fault, random, options)];
    }).flat();
  });
  return faults.toSorted((one, other) => one.at - other.at);
}

/** The kinds of faults that a table has. */
export const kindsOf = <Kind extends FaultKind>(chances: Chances<Kind, never>): readonly Kind[] =>
  Object.keys(chances) as Kind[];

/** What lasts ends with the faults at the latest: in a short plan it lasts half of it at most. */
function placed<Some extends Fault>(fault: Some, random: Random, totalMs: number): Planned<Some> {
  const ms = 'ms' in fault ? Math.min(fault.ms, Math.floor(totalMs / 2)) : 0;
  // So that there is time left for its aftermath.
  const lastsMs = fault.kind === 'journal restored' ? 2 * ms : ms;
  const at = Math.round(random.between(0, totalMs - lastsMs));
  return { ...fault, at, ...('ms' in fault && { ms }) };
}
