import {
  type Box,
  BoxError,
  type Picture,
  type PictureDemand,
  type PictureReference,
  type PictureSlot,
  type Pictures,
  type SpoiltPicture,
  type StoredEvent,
} from '@se5/core';

/** What a box is asked to fill in what was missed. */
export type StoredSource = Pick<Box, 'storedEvents' | 'picture'>;

/** After so many failures in a row, the rest of a part is read without pictures: events must not wait for them. */
const MAX_FAILURES = 3;

/** Fetches the pictures of stored events, as far as somebody wants them. One at a time. */
export class StoredPictures {
  readonly #box: StoredSource;
  readonly #wanted: () => PictureDemand;
  readonly #spoilt: (event: StoredEvent, picture: SpoiltPicture) => void;
  #failures = 0;
  #missing = 0;

  /** @param spoilt told of each answer that is no picture. */
  constructor(
    box: StoredSource,
    wanted: () => PictureDemand,
    spoilt: (event: StoredEvent, picture: SpoiltPicture) => void,
  ) {
    this.#box = box;
    this.#wanted = wanted;
    this.#spoilt = spoilt;
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
  async of(event: StoredEvent, signal: AbortSignal): Promise<Pictures> {
    const { live, registered } = this.#wanted();
    const fetch = (slot: PictureSlot, isWanted: boolean) => {
      const reference = event.pictures[slot];
      const spoilt = (bytes: number) => this.#spoilt(event, { slot, reason: 'format', bytes });
      return isWanted && reference ? this.#fetch(reference, signal, spoilt) : undefined;
    };
    const face = await fetch('face', live);
    const scene = await fetch('scene', live);
    const enrolled = await fetch('registered', registered);
    return {
      ...(face && { face }),
      ...(scene && { scene }),
      ...(enrolled && { registered: enrolled }),
    };
  }

  async #fetch(
    reference: PictureReference,
    signal: AbortSignal,
    spoilt: (bytes: number) => void,
  ): Promise<Picture | undefined> {
    const picture = await this.#ask(reference, signal, spoilt);
    if (!picture) this.#missing += 1;
    return picture;
  }

  async #ask(
    reference: PictureReference,
    signal: AbortSignal,
    spoilt: (bytes: number) => void,
  ): Promise<Picture | undefined> {
    if (this.#failures >= MAX_FAILURES || signal.aborted) return undefined;
    try {
      const picture = await this.#box.picture(reference, signal);
      this.#failures = 0;
      return picture;
    } catch (error) {
      const bytes = spoiltBytes(error);
      if (bytes === undefined) {
        // Why is of no use to anybody: the event comes without it, as one whose picture has gone.
        this.#failures += 1;
      } else {
        // The box answers: what one camera spoils costs no picture of another.
        this.#failures = 0;
        spoilt(bytes);
      }
      return undefined;
    }
  }
}

/** The length of an answer that is no picture; undefined where there was another error. */
const spoiltBytes = (error: unknown): number | undefined =>
  error instanceof BoxError && error.code === 'PROTOCOL' && error.detail.status === 200
    ? error.detail.messageBytes
    : undefined;
