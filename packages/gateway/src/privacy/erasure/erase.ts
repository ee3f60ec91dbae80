import type { ImageStore } from '../../images/image-store.ts';
import type { Cursor, Journal } from '../../journal/journal.ts';
import type { ErasureTarget } from '../erasure-target.ts';
import { upTo } from './up-to.ts';

export interface ErasureServices {
  readonly journal: Pick<Journal, 'erase' | 'history' | 'cursorAt'>;
  readonly images: Pick<ImageStore, 'erase' | 'hasClear' | 'delete'>;
  /** Drops what was made of events and is only in memory. */
  readonly forget: () => void;
}

/** Numbers alone: nobody is named. */
export interface ErasureReport {
  readonly events: number;
  readonly pictures: number;
  /** What holds data that an older gateway wrote in clear, which no key covers. */
  readonly inClear: readonly ('journal' | 'images')[];
}

/** Events whose pictures are deleted at once. */
const PAGE = 200;

/**
 * Erases a person, or everything older than a time: forgets the keys, so that nothing that they
 * sealed can be read, in whatever copy. Rows and files are deleted afterwards.
 *
 * @throws {JournalError | ImageStoreError} when something may be left; done again, it goes on.
 */
export async function erase(
  wanted: ErasureTarget,
  { journal, images, forget }: ErasureServices,
): Promise<ErasureReport> {
  const target = upTo(wanted, Date.now());
  try {
    // A folder that can't be used fails below, when it is to erase: the journal must not wait for it.
    const hasClearPictures = await images.hasClear().catch(() => false);
    // Before the key goes: afterwards nothing says which of these are the person's.
    const deleted = hasClearPictures ? await deleteClear(target, journal, images) : 0;
    // Where the journal fails, the pictures are erased all the same.
    const [inJournal] = await Promise.allSettled([journal.erase(target)]);
    const areForgotten = inJournal.status === 'fulfilled' && inJournal.value.areKeysForgotten;
    const pictures = await images.erase(target, areForgotten);
    if (inJournal.status === 'rejected') throw inJournal.reason;
    const erased = inJournal.value;
    return {
      events: erased.events,
      pictures: deleted + pictures,
      inClear: [
        ...(erased.hasClear ? (['journal'] as const) : []),
        ...(hasClearPictures ? (['images'] as const) : []),
      ],
    };
  } finally {
    // Some are gone even where not all could go.
    forget();
  }
}

/** What is in clear is found by the person's events, as long as these can be read. */
async function deleteClear(
  target: ErasureTarget,
  journal: ErasureServices['journal'],
  images: ErasureServices['images'],
): Promise<number> {
  if (target.kind === 'before') return 0;
  const filter = { identityIds: [target.identityId] };
  let deleted = 0;
  for (let after: Cursor | undefined, isMore = true; isMore; ) {
    const page = await journal.history({
      filter,
      take: { from: 'first', count: PAGE },
      detail: 'plain',
      ...(after !== undefined && { after }),
    });
    const keys = page.records.flatMap(({ event }) =>
      Object.values(event.pictures).map(({ key }) => key),
    );
    deleted += await images.delete(keys);
    const last = page.records.at(-1);
    isMore = page.hasNextPage && last !== undefined;
    if (last) after = journal.cursorAt(last.position);
  }
  return deleted;
}
