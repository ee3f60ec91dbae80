import { Random } from '@se5/simulator';
import { ATTACK_NAMES, ATTACKS, type Attack, type AttackName } from './attack.ts';

export interface AttackPlanOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Above 0, up to 1: of the numbers of tries. */
  readonly scale: number;
  /** Default: all kinds. */
  readonly only?: readonly AttackName[] | undefined;
}

/** How far one attack may be smaller than another of its kind. */
const SMALLEST = 0.5;

/**
 * The attacks of a seed, in the order of time: the same options, the same attacks. Each kind is there
 * at least once, and all are over when the time is.
 */
export function planAttacks({
  seed,
  seconds,
  scale,
  only = ATTACK_NAMES,
}: AttackPlanOptions): readonly Attack[] {
  const totalMs = seconds * 1_000;
  const attacks = only.flatMap((name) => {
    const random = new Random(seed, name);
    const kind = ATTACKS[name];
    const ms = Math.min(kind.ms, totalMs);
    const count = Math.max(1, Math.round(seconds / kind.everySeconds));
    return Array.from({ length: count }, () => ({
      name,
      at: Math.round(random.between(0, totalMs - ms)),
      ms,
      seed: random.below(2 ** 31),
      scale: scale * random.between(SMALLEST, 1),
    }));
  });
  return attacks.toSorted((one, other) => one.at - other.at);
}
