import { getPriority, setPriority } from 'node:os';
import '../world/die-with-parent.ts';
import type { Attack } from './attack.ts';
import { type HostilePorts, type News, orderSchema, type Target } from './process-messages.ts';
import { Tally } from './tally.ts';

/**
 * How much less of a busy core attackers get than the gateway, as a step of niceness: less than half.
 * Much less would starve them where other programs run too.
 */
const NICER = 4;

/** Carries out one attack. Settles when it is over; counts what it tried in `tally`. */
export type CarryOutAttack = (attack: Attack, target: Target, tally: Tally) => Promise<void>;

/**
 * A process of attackers: carries out what it is told by its parent, and ends with it.
 *
 * Attackers have machines of their own. Here they share one with the gateway, which goes first: what
 * they can't do then shows in the numbers of tries.
 */
export function serveAttacks(carryOut: CarryOutAttack, boxes: readonly HostilePorts[] = []): void {
  setPriority(getPriority() + NICER);
  process.on('message', (message) => {
    const { attack, target } = orderSchema.parse(message);
    const tally = new Tally();
    carryOut(attack, target, tally).then(
      () => tell({ kind: 'done', attack, counts: tally.counts }),
      (error: unknown) => tell({ kind: 'failed', attack, error: String(error) }),
    );
  });
  process.channel?.ref();
  tell({ kind: 'ready', boxes: [...boxes] });
}

// A parent that has gone ends this process anyway.
const tell = (news: News): void => void process.send?.(news, () => undefined);
