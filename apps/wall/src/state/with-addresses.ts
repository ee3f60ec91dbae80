import type { Client, RecognitionEvent } from '@se5/client';

/** Its pictures may be at another gateway than the page. */
export function withAddresses(client: Client, event: RecognitionEvent): RecognitionEvent {
  const at = (image: RecognitionEvent['faceImage']) =>
    image && { ...image, url: client.imageUrl(image) ?? null };
  return {
    ...event,
    faceImage: at(event.faceImage),
    sceneImage: at(event.sceneImage),
    registeredImage: at(event.registeredImage),
  };
}
