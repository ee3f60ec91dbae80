import type { Picture } from '@se5/core';

declare const imageKey: unique symbol;
/** Names a picture, and is the permission to see it: a keyed hash that nobody can guess. */
export type ImageKey = string & { readonly [imageKey]: true };

/** The pictures of recent events, bounded in age and in bytes; the oldest go first. */
export interface ImageStore extends AsyncDisposable {
  /** The key under which `put` will keep this slot of this event. */
  keyOf(eventId: string, slot: string): ImageKey;
  put(key: ImageKey, picture: Picture): void;
  /** Undefined once the picture is gone. Any text may be asked for. */
  get(key: string): Picture | undefined;
  /** When the picture goes for its age, at the latest: ms since the Unix epoch. Undefined once it is gone. */
  expiresAt(key: string): number | undefined;
  /** The address to show to clients, relative or under `publicUrl`; null when pictures are not kept or this one is gone. */
  urlOf(key: ImageKey): string | null;
}
