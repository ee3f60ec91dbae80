import type { Random } from '@se5/simulator';
import { clientsOf, ms } from './draw.ts';
import type { Planned, SoloFault } from './fault.ts';
import type { PlanOptions } from './plan.ts';

/**
 * What makes it worse.
 *
 * An outage behind a clock that was set right: what was measured before misleads there. Clients that
 * hear nothing of a journal that is rolled back, until it has as many events again: a position
 * that they know is then that of another event. A person who is erased after the copy was made, so
 * the copy still holds the person.
 */
export function aftermathOf(
  fault: Planned<SoloFault>,
  random: Random,
  { boxes, clients, persons, seconds }: PlanOptions,
): readonly Planned<SoloFault>[] {
  const end = seconds * 1_000;
  // Before or after the gateway has noted, which it does each second, how far it has heard a box.
  const soonAfter = (time: number) => Math.min(time + ms(random, 200, 2_000), end);
  if (fault.kind === 'machine clock set') {
    const at = soonAfter(fault.at + fault.ms);
    return Array.from({ length: boxes }, (_, box) => ({ kind: 'box cut off', box, at }));
  }
  if (fault.kind === 'box clock set') {
    const at = soonAfter(fault.at + fault.ms);
    return [{ kind: 'box restarted', box: fault.box, downMs: ms(random, 100, 5_000), at }];
  }
  if (fault.kind !== 'journal restored') return [];
  const at = fault.at + fault.ms;
  const awayMs = Math.min(fault.ms + fault.downMs + ms(random, 2_000, 6_000), end - at);
  const away = clientsOf(random, clients);
  const person = random.below(persons);
  return [
    { kind: 'clients half-open', clients: away, direction: 'both', at, ms: awayMs },
    { kind: 'person erased', person, at: fault.at + ms(random, 0, fault.ms) },
  ];
}
