import { MEMORY_ONLY, type Places } from '../config/config.ts';
import { isThere, lookedFor } from '../privacy/erasure/places.ts';
import type { ErasureTarget } from '../journal/erasure.ts';

/** What an erasure that went well could not look into, each in a line. */
export function caveatsOf({ journal, images }: Places, { kind }: ErasureTarget): readonly string[] {
  const isMissing = (path: string) => path !== MEMORY_ONLY && !isThere(path);
  return [
    ...(kind === 'identity' && journal.path === MEMORY_ONLY ? [ONLY_RECENT] : []),
    ...(isMissing(journal.path)
      ? [`There is no journal ${lookedFor(journal.path)}: no file was searched for events.`]
      : []),
    ...(images.capture !== 'never' && isMissing(images.path)
      ? [`There is no pictures’ folder ${lookedFor(images.path)}: no picture was searched for.`]
      : []),
  ];
}

const ONLY_RECENT =
  'The journal is in memory: pictures of events that it no longer has, or of events from before the gateway’s start, could not be found by person. images.keep or `erase --before` deletes them by age.';
