import type { ImageKey, ImageStore } from '../images/image-store.ts';
import type { ErasureProgress, ErasureTarget } from '../journal/erasure.ts';
import type { Journal } from '../journal/journal.ts';
import { Sample } from './sample.ts';
import { upTo } from './up-to.ts';

export interface ErasureServices {
  readonly journal: Pick<Journal, 'erase'>;
  readonly images: Pick<ImageStore, 'erase' | 'release' | 'releaseBefore'>;
  /** Drops what was made of events and is only in memory. */
  readonly forget: () => void;
}

/** Numbers, and what whoever verifies may look for. */
export interface ErasureReport {
  readonly events: number;
  readonly pictures: number;
  /** All that a person was called; none of those who were erased for their age. */
  readonly names: readonly string[];
  /** Of some of the events, drawn from all. */
  readonly ids: readonly string[];
  /** Of some of their pictures. */
  readonly keys: readonly string[];
}

/** The bytes of all files are searched for each: 8 s for 10 GiB. */
const SAMPLED_IDS = 20;

const SAMPLED_KEYS = 200;

/**
 * Deletes a person's, or everything older than a time's, events and pictures. A person's pictures
 * go under whatever event they were kept; those older than a time stay for an event that is not.
 *
 * Pictures go before their events, which alone know which they are: what was broken off can be
 * done again.
 *
 * @throws {JournalError | ImageStoreError} with what may be left; the reason of the signal.
 */
export async function erase(
  wanted: ErasureTarget,
  { journal, images, forget }: ErasureServices,
  progress: (progress: ErasureProgress) => void,
  signal?: AbortSignal,
): Promise<ErasureReport> {
  const target = upTo(wanted, Date.now());
  const names = new Set<string>();
  const ids = new Sample<string>(SAMPLED_IDS);
  const keys = new Sample<string>(SAMPLED_KEYS);
  let pictures = 0;
  const remove = (keys: readonly ImageKey[]) =>
    target.kind === 'identity' ? images.erase(keys) : images.release(keys);
  try {
    const events = await journal.erase(target, {
      async going(step) {
        signal?.throwIfAborted();
        pictures += await remove(step.pictures);
        if (target.kind === 'identity') for (const name of step.names) names.add(name);
        ids.add(step.ids);
        keys.add(step.pictures);
      },
      progress,
    });
    if (target.kind === 'before') pictures += await images.releaseBefore(target.time);
    return { events, pictures, names: [...names], ids: ids.taken, keys: keys.taken };
  } finally {
    // Some are gone even where not all could go.
    forget();
  }
}
