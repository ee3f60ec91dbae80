import type { Trouble } from '../world/carry-out.ts';
import type { IsLeftOut } from './left-out.ts';

/**
 * Whether an erasure may have taken an event: it was said before an erasure of its person ended. It
 * stays with the clients that got it, and a box may tell it again afterwards. So it may come, not come,
 * or come twice.
 */
export function erasedBy(troubles: readonly Trouble[]): IsLeftOut {
  const ends = new Map<number, number>();
  for (const { fault, to } of troubles) {
    if (fault.kind !== 'person erased') continue;
    ends.set(fault.person, Math.max(ends.get(fault.person) ?? to, to));
  }
  return ({ person, at }) => person !== undefined && at <= (ends.get(person) ?? -Infinity);
}
