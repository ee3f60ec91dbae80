import type { Places } from '../config/config.ts';
import { countPictures } from '../images/disk/count-pictures.ts';
import type { ErasureTarget } from '../journal/erasure.ts';
import { countErasable } from '../journal/sqlite/holding.ts';
import type { ErasureReport } from './erase.ts';
import { isThere } from './places.ts';
import { filesSetAside, lookForTraces, type Traces } from './traces.ts';
import { upTo } from './up-to.ts';

/** What is on disk after an erasure, for whoever looks at it from outside. */
export interface Verification {
  /** That should have gone. */
  readonly events: number;
  /** Of those that were erased, or that are older than what is kept. */
  readonly pictures: number;
  /** Damaged journals that nobody can search for what was erased: yours to delete. */
  readonly setAside: readonly string[];
  readonly traces: Traces;
}

/**
 * Looks for what should have gone, without the gateway: in what can be asked for, and in the
 * bytes of the journal's files. Those of a person are searched for the id and the names; of what was
 * erased for its age, for the ids of some events.
 *
 * @param began When the erasure did, in ms since the Unix epoch: what came since may be there.
 * @throws {JournalError | ImageStoreError} when it can't be looked into.
 */
export async function verify(
  config: Places,
  wanted: ErasureTarget,
  { names, ids, keys }: ErasureReport,
  began: number,
): Promise<Verification> {
  const { journal, images } = config;
  const target = upTo(wanted, began);
  const before = target.kind === 'before' ? target.time : -Infinity;
  const texts = target.kind === 'before' ? ids : [target.identityId, ...names.filter(isName)];
  const traces = await lookForTraces(journal.path, texts);
  const isSearched = target.kind === 'identity' && traces.tooShort.length < texts.length;
  return {
    events: isThere(journal.path) ? countErasable(journal.path, target, began) : 0,
    pictures: isThere(images.path) ? countPictures(images.path, keys, before) : 0,
    setAside: isSearched ? [] : await filesSetAside(journal.path),
    traces,
  };
}

/** Not what boxes call those whom they don't know. */
const isName = (name: string): boolean => !/^(stranger)?$/i.test(name);
