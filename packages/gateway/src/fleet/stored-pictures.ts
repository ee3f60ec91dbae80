import type { Picture, PictureDemand, PictureReference, Pictures, StoredEvent } from '@se5/core';
import type { StoredSource } from './fill-in.ts';

/** After so many failures in a row, the rest of a part is read without pictures: events must not wait for them. */
const MAX_FAILURES = 3;

/** Fetches the pictures of stored events, as far as somebody wants them. One at a time. */
export class StoredPictures {
  readonly #box: StoredSource;
  readonly #wanted: () => PictureDemand;
  #failures = 0;
  #missing = 0;

  constructor(box: StoredSource, wanted: () => PictureDemand) {
    this.#box = box;
    this.#wanted = wanted;
  }

  /** How many that were wanted could not be had, since `recount`. */
  get missing(): number {
    return this.#missing;
  }

  /** It begins to count anew. */
  recount(): void {
    this.#missing = 0;
  }

  /** The box gets another chance. */
  nextPart(): void {
    this.#failures = 0;
  }

  /** Never rejects: a picture that can't be had is left out, and counted. */
  async of({ pictures }: StoredEvent, signal: AbortSignal): Promise<Pictures> {
    const { live, registered } = this.#wanted();
    const fetch = (reference: PictureReference | undefined, isWanted: boolean) =>
      isWanted && reference ? this.#fetch(reference, signal) : undefined;
    const face = await fetch(pictures.face, live);
    const scene = await fetch(pictures.scene, live);
    const enrolled = await fetch(pictures.registered, registered);
    return {
      ...(face && { face }),
      ...(scene && { scene }),
      ...(enrolled && { registered: enrolled }),
    };
  }

  async #fetch(reference: PictureReference, signal: AbortSignal): Promise<Picture | undefined> {
    const picture = await this.#ask(reference, signal);
    if (!picture) this.#missing += 1;
    return picture;
  }

  async #ask(reference: PictureReference, signal: AbortSignal): Promise<Picture | undefined> {
    if (this.#failures >= MAX_FAILURES || signal.aborted) return undefined;
    try {
      const picture = await this.#box.picture(reference, signal);
      this.#failures = 0;
      return picture;
    } catch {
      // Why is of no use to anybody: the event comes without it, as one whose picture has gone.
      this.#failures += 1;
      return undefined;
    }
  }
}
