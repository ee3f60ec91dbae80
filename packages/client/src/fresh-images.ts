import { backoffDelay } from './backoff.ts';
import type { Client } from './client.ts';
import { ClientError } from './errors.ts';
import {
  type EventImagesFragment,
  type ImageFragment,
  ImagesDocument,
} from './generated/operations.ts';
import { guard, platform } from './platform.ts';

/** As much of an event as its pictures can be asked for again by. */
export type PicturedEvent = EventImagesFragment & { readonly cursor: string };

/**
 * The pictures of events with addresses that work. Addresses expire; those of events that somebody
 * watches are asked for again before that, many with one query, and one query at a time.
 */
export interface FreshImages {
  /**
   * The newest pictures that are known of the event: the same object until newer ones come. One that
   * has expired before somebody watches it has no `url` until then. All are null once the event is
   * gone, or may not be seen any more.
   */
  of(event: PicturedEvent): EventImagesFragment;
  /**
   * Renews the addresses of the event, known by its object, as long as it is watched.
   *
   * @param listener is told that `of` has newer pictures.
   * @returns stops.
   */
  watch(event: PicturedEvent, listener: () => void): () => void;
  /** A picture could not be loaded from this `url`: asks anew, once for each address. */
  failed(event: PicturedEvent, url: string): void;
}

/** Events in one query: the gateway takes no more. */
const MAX_CURSORS = 100;

/** How long events are gathered for one query, in ms: a page shows many at once. */
const GATHER_MS = 50;

/** Between two queries, in ms. */
const PAUSE_MS = 1_000;

/** Addresses are renewed so long before they expire at most, in ms; at least half of that. */
const LEAD_MS = 60_000;

/** For a client whose clock is wrong, every address has expired: none is renewed by time sooner than this. */
const RENEWED_FOR_MS = 10_000;

const BACKOFF_MS = { min: PAUSE_MS, max: 60_000 };

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

const NO_IMAGES: EventImagesFragment = {
  faceImage: null,
  sceneImage: null,
  registeredImage: null,
};

interface Watched {
  readonly cursor: string;
  readonly listeners: Set<() => void>;
  images: EventImagesFragment;
  /** In ms since the Unix epoch; Infinity where there is nothing to renew. */
  expiresAt: number;
  dueAt: number;
  /** The address that was asked for anew because it failed. */
  failedUrl: string | undefined;
}

/** @param client asks; when it is disposed of, nothing is renewed any more. */
export const freshImages = (client: Pick<Client, 'query'>): FreshImages =>
  new RenewedImages(client);

class RenewedImages implements FreshImages {
  readonly #client: Pick<Client, 'query'>;
  readonly #known = new WeakMap<PicturedEvent, Watched>();
  readonly #watched = new Set<Watched>();
  /** Pages that show the same events don't renew them at the same moment. */
  readonly #lead = (1 + Math.random()) / 2;
  #timer: unknown;
  #asking = false;
  #closed = false;
  /** Attempts that have failed since the last that did not. */
  #failures = 0;
  #notBefore = 0;

  constructor(client: Pick<Client, 'query'>) {
    this.#client = client;
  }

  of(event: PicturedEvent): EventImagesFragment {
    return this.#entryOf(event).images;
  }

  watch(event: PicturedEvent, listener: () => void): () => void {
    const entry = this.#entryOf(event);
    entry.listeners.add(listener);
    this.#watched.add(entry);
    this.#schedule();
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0) this.#watched.delete(entry);
      this.#schedule();
    };
  }

  failed(event: PicturedEvent, url: string): void {
    const entry = this.#entryOf(event);
    const isCurrent = imagesIn(entry.images).some((image) => image.url === url);
    if (!isCurrent || entry.failedUrl === url) return;
    entry.failedUrl = url;
    entry.dueAt = 0;
    this.#schedule();
  }

  #entryOf(event: PicturedEvent): Watched {
    let entry = this.#known.get(event);
    if (!entry) {
      entry = {
        cursor: event.cursor,
        listeners: new Set(),
        failedUrl: undefined,
        ...this.#lifeOf(event),
      };
      this.#known.set(event, entry);
    }
    // An address that has expired would only be refused.
    if (entry.listeners.size === 0 && entry.expiresAt <= Date.now()) {
      Object.assign(entry, { images: withoutUrls(entry.images), expiresAt: Infinity, dueAt: 0 });
    }
    return entry;
  }

  #lifeOf(images: EventImagesFragment): Pick<Watched, 'images' | 'expiresAt' | 'dueAt'> {
    const expiresAt = expiryOf(images);
    const left = expiresAt - Date.now();
    return { images, expiresAt, dueAt: expiresAt - this.#lead * Math.min(LEAD_MS, left / 2) };
  }

  #schedule(): void {
    platform.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#asking || this.#closed) return;
    let next = Infinity;
    for (const { dueAt } of this.#watched) next = Math.min(next, dueAt);
    if (next === Infinity) return;
    const now = Date.now();
    const wait = Math.max(next, this.#notBefore, now + GATHER_MS) - now;
    this.#timer = platform.setTimeout(() => void this.#renew(), Math.min(wait, MAX_TIMEOUT_MS));
  }

  /** Never rejects. */
  async #renew(): Promise<void> {
    const now = Date.now();
    const due = [...this.#watched].filter(({ dueAt }) => dueAt <= now).slice(0, MAX_CURSORS);
    if (due.length > 0) {
      this.#asking = true;
      await this.#ask(due);
      this.#asking = false;
    }
    this.#schedule();
  }

  async #ask(entries: readonly Watched[]): Promise<void> {
    try {
      const cursors = entries.map(({ cursor }) => cursor);
      const { recognitionEventsAt } = await this.#client.query(ImagesDocument, { cursors });
      this.#failures = 0;
      this.#notBefore = Date.now() + PAUSE_MS;
      entries.forEach((entry, index) => {
        this.#put(entry, recognitionEventsAt[index] ?? NO_IMAGES);
      });
    } catch (error) {
      this.#closed = error instanceof ClientError && error.code === 'CLOSED';
      this.#failures += 1;
      this.#notBefore = Date.now() + backoffDelay(this.#failures, BACKOFF_MS, Math.random());
    }
  }

  #put(entry: Watched, images: EventImagesFragment): void {
    const before = entry.images;
    Object.assign(entry, this.#lifeOf(images));
    entry.dueAt = Math.max(entry.dueAt, Date.now() + RENEWED_FOR_MS);
    if (isSame(before, images)) {
      entry.images = before;
      return;
    }
    for (const listener of entry.listeners) guard(listener);
  }
}

const imagesIn = ({
  faceImage,
  sceneImage,
  registeredImage,
}: EventImagesFragment): readonly ImageFragment[] =>
  [faceImage, sceneImage, registeredImage].filter((image) => image !== null);

/** When the first of the addresses expires, in ms since the Unix epoch; Infinity where there is none. */
const expiryOf = (images: EventImagesFragment): number =>
  Math.min(
    ...imagesIn(images).map(({ urlExpiresAt }) => {
      const at = Date.parse(urlExpiresAt ?? '');
      return Number.isNaN(at) ? Infinity : at;
    }),
  );

function withoutUrls({
  faceImage,
  sceneImage,
  registeredImage,
}: EventImagesFragment): EventImagesFragment {
  const without = (image: ImageFragment | null) =>
    image && { ...image, url: null, urlExpiresAt: null };
  return {
    faceImage: without(faceImage),
    sceneImage: without(sceneImage),
    registeredImage: without(registeredImage),
  };
}

const isSame = (one: EventImagesFragment, other: EventImagesFragment): boolean =>
  one.faceImage?.url === other.faceImage?.url &&
  one.sceneImage?.url === other.sceneImage?.url &&
  one.registeredImage?.url === other.registeredImage?.url;
