import type { Client, EventImages } from '@se5/client';

/** Its pictures may be at another gateway than the page. */
export function withAddresses<T extends EventImages>(client: Client, event: T): T {
  const at = (image: EventImages['faceImage']) =>
    image && { ...image, url: client.imageUrl(image) ?? null };
  return {
    ...event,
    faceImage: at(event.faceImage),
    sceneImage: at(event.sceneImage),
    registeredImage: at(event.registeredImage),
  };
}
