import { MEMORY_ONLY, type Places } from '../config/config.ts';
import { filesSetAside } from '../journal/sqlite/database.ts';
import type { ErasureReport } from '../privacy/erasure/erase.ts';
import { isThere, lookedFor } from '../privacy/erasure/places.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

/** What an erasure that went well does not cover, each in a line. */
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
  'The journal is in memory: pictures that an older gateway kept in clear could not be found by person. images.keep or `erase --before` deletes them by age.';

const CLEAR_JOURNAL =
  'Not covered: the gateway is still sealing what an older version wrote in clear. The events of the erasure are deleted, but free parts of the file may hold them until the log says that the journal is sealed, and older copies of the file do.';

const CLEAR_PICTURES =
  'Not covered: copies of pictures that an older version kept in clear. The pictures of the erasure are deleted; images.keep deletes the others.';

const inSetAside = (files: readonly string[]): string =>
  `These files were set aside as damaged. If an older version wrote them, they are not sealed; delete them yourself: ${files.join(', ')}`;
