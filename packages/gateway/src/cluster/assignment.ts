import { hash } from 'node:crypto';
import type { BoxId, SiteId } from '../config/ids.ts';

/** A gateway as the assignment of boxes sees it. */
export interface Candidate {
  readonly name: string;
  /** Random, of the process: tells gateways apart that were given one name. */
  readonly process: string;
  /** The sites whose boxes it can reach; null for all. */
  readonly sites: readonly SiteId[] | null;
  /** It is about to end: its boxes go to others. */
  readonly isDraining: boolean;
}

/**
 * Who of the living is to listen to the box: the one with the highest hash of its name and the
 * box (rendezvous hashing). All who know the same gateways agree, and only boxes of a gateway that
 * came or went move. Undefined when none can reach it.
 */
export function ownerOf<Member extends Candidate>(
  box: { readonly id: BoxId; readonly siteId: SiteId },
  members: Iterable<Member>,
): Member | undefined {
  let owner: Member | undefined;
  let highest = '';
  for (const member of members) {
    if (member.isDraining || member.sites?.includes(box.siteId) === false) continue;
    const weight = weightOf(member, box.id);
    if (owner && weight <= highest) continue;
    owner = member;
    highest = weight;
  }
  return owner;
}

/** Of fixed length, so that comparing texts compares numbers; the process decides among equals. */
const weightOf = ({ name, process }: Candidate, boxId: BoxId): string =>
  hash('sha256', JSON.stringify([name, boxId])) + process;
