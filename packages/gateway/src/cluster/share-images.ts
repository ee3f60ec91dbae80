import type { ImagesConfig } from '../config/config.ts';
import type { ImageStore } from '../images/image-store.ts';
import { PictureStream } from '../images/shared/picture-stream.ts';
import {
  SharedImageStore,
  type SharedPicturesObserver,
} from '../images/shared/shared-image-store.ts';
import type { SharedJournal } from './open-shared-journal.ts';

/**
 * Gives the pictures of this gateway to all others that share its log, and theirs to this one.
 *
 * @param local What this gateway keeps by itself; it ends with the result.
 */
export async function shareImages(
  { link, keys, stream, replicas, untilAvailable }: SharedJournal,
  local: ImageStore,
  { capture, keepMs, maxBytes }: ImagesConfig,
  observer: SharedPicturesObserver,
): Promise<SharedImageStore> {
  const { connection, isUp } = link;
  return new SharedImageStore({
    ...{ local, keys, keepMs, observer },
    isKeeping: capture !== 'never',
    stream: await untilAvailable(() =>
      PictureStream.open({
        ...{ connection, isUp, replicas, keepMs, maxBytes },
        stream: `${stream}_pictures`,
      }),
    ),
  });
}
