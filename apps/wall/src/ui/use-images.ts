import type { EventImages, FreshImages, PicturedEvent } from '@se5/client';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

/** Renews the addresses of the pictures that are on the page. */
export const ImagesContext = createContext<FreshImages | undefined>(undefined);

export interface ShownImages extends EventImages {
  /** Tells that a picture could not be loaded from this address. */
  readonly failed: (url: string) => void;
}

/** The pictures of an event, with addresses that are renewed as long as the component is there. */
export function useImages(event: PicturedEvent): ShownImages {
  const images = useContext(ImagesContext);
  if (!images) throw new Error('useImages is for components inside an ImagesContext');
  const subscribe = useCallback(
    (listener: () => void) => images.watch(event, listener),
    [images, event],
  );
  const { faceImage, sceneImage, registeredImage } = useSyncExternalStore(subscribe, () =>
    images.of(event),
  );
  const failed = useCallback((url: string) => images.failed(event, url), [images, event]);
  return { faceImage, sceneImage, registeredImage, failed };
}
