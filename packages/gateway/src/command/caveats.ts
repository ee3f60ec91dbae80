import { MEMORY_ONLY, type Places } from '../config/config.ts';
import { filesSetAside } from '../journal/sqlite/database.ts';
import type { ErasureReport } from '../privacy/erasure/erase.ts';
import { isThere, lookedFor } from '../privacy/erasure/places.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

/** Lists the data that a successful erasure does not cover, one line each. */
export async function caveatsOf(
  { journal, images }: Places,
  { kind }: ErasureTarget,
  { inClear }: Pick<ErasureReport, 'inClear'>,
): Promise<readonly string[]> {
  const isMissing = (path: string) => path !== MEMORY_ONLY && !isThere(path);
  const setAside = journal.path === MEMORY_ONLY ? [] : await filesSetAside(journal.path);
  return [
    ...(kind === 'identity' && journal.path === MEMORY_ONLY && inClear.includes('images')
      ? [ONLY_RECENT]
      : []),
    ...(isMissing(journal.path)
      ? [`There is no journal ${lookedFor(journal.path)}: no file was searched for events.`]
      : []),
    ...(images.capture !== 'never' && isMissing(images.path)
      ? [`There is no pictures’ folder ${lookedFor(images.path)}: no picture was searched for.`]
      : []),
    ...(inClear.includes('journal') ? [CLEAR_JOURNAL] : []),
    ...(inClear.includes('images') ? [CLEAR_PICTURES] : []),
    ...(setAside.length > 0 ? [inSetAside(setAside)] : []),
  ];
}

const ONLY_RECENT =
  'The journal is in memory, so pictures that an older version wrote in clear can’t be found by person. images.keep or `erase --before` deletes them by age.';

const CLEAR_JOURNAL =
  'Not covered: the gateway is still sealing the events that an older version wrote in clear. The erased events are deleted, but free parts of the file may hold them until the log says that the journal is sealed. Older copies of the file hold them in any case.';

const CLEAR_PICTURES =
  'Not covered: copies of pictures that an older version wrote in clear. The erased pictures are deleted; images.keep deletes the others.';

const inSetAside = (files: readonly string[]): string =>
  `These files were set aside as damaged. If an older version wrote them, they are not sealed; delete them yourself: ${files.join(', ')}`;
