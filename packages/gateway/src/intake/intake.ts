import type { BoxEvent, PictureSlot, Pictures } from '@se5/core';
import type { SiteConfig } from '../config/config.ts';
import type { BoxId, SiteId } from '../config/ids.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Journal, JournalEntry } from '../journal/journal.ts';
import type { EventId, EventPicture, Recognition } from '../journal/recognition.ts';
import { DuplicateWindow } from './duplicates.ts';
import { SimilarityScale } from './similarity.ts';

/** Who counts what comes in; synchronous, must not throw. */
export interface IntakeObserver {
  /** An event went into the journal. */
  event(boxId: BoxId): void;
  /** The box said what it had said before; it was dropped. */
  duplicate(boxId: BoxId): void;
  /** The journal did not take an event or a gap: nobody will get it. */
  lost(boxId: BoxId, error: unknown): void;
}

interface Source {
  readonly siteId: SiteId;
  readonly scale: SimilarityScale;
}

/** What boxes say becomes, once each, a recognition in the journal with its pictures in the store. */
export class Intake {
  readonly #sources: ReadonlyMap<BoxId, Source>;
  readonly #journal: Journal;
  readonly #images: ImageStore;
  readonly #observer: IntakeObserver;
  readonly #window = new DuplicateWindow();

  constructor(
    sites: readonly SiteConfig[],
    journal: Journal,
    images: ImageStore,
    observer: IntakeObserver,
  ) {
    this.#sources = new Map(sites.flatMap(sourcesOf));
    this.#journal = journal;
    this.#images = images;
    this.#observer = observer;
  }

  /** @param receivedAt ms since the Unix epoch by our clock. */
  event(boxId: BoxId, event: BoxEvent, receivedAt: number): void {
    const id = this.#window.admit(boxId, event, receivedAt);
    if (id === undefined) {
      this.#observer.duplicate(boxId);
      return;
    }
    const { eventId: _, pictures, ...rest } = event;
    const { siteId, scale } = this.#source(boxId);
    const recognition: Recognition = {
      ...rest,
      id,
      siteId,
      boxId,
      receivedAt,
      delivery: 'LIVE',
      similarity: scale.similarity(event.score),
      pictures: this.#store(id, pictures),
    };
    this.#append(boxId, { kind: 'event', event: recognition });
  }

  /** A span in which the box was not heard; ms since the Unix epoch by our clock. */
  outage(boxId: BoxId, from: number, to: number): void {
    const gap = { reason: 'BOX_UNREACHABLE', from, to, boxId, count: null } as const;
    this.#append(boxId, { kind: 'gap', gap });
  }

  #append(boxId: BoxId, entry: JournalEntry): void {
    this.#journal.append(entry).then(
      ({ isDuplicate = false }) => {
        if (isDuplicate) this.#observer.duplicate(boxId);
        else if (entry.kind === 'event') this.#observer.event(boxId);
      },
      (error: unknown) => this.#observer.lost(boxId, error),
    );
  }

  #store(id: EventId, pictures: Pictures): Recognition['pictures'] {
    const stored: { [slot in PictureSlot]?: EventPicture } = {};
    for (const slot of PICTURE_SLOTS) {
      const picture = pictures[slot];
      if (!picture) continue;
      const key = this.#images.keyOf(id, slot);
      this.#images.put(key, picture);
      stored[slot] = { key, byteLength: picture.byteLength, contentType: picture.contentType };
    }
    return stored;
  }

  #source(boxId: BoxId): Source {
    const source = this.#sources.get(boxId);
    if (!source) throw new RangeError(`box "${boxId}" is not configured`);
    return source;
  }
}

const PICTURE_SLOTS = ['face', 'scene', 'registered'] as const satisfies readonly PictureSlot[];

const sourcesOf = ({ id: siteId, boxes }: SiteConfig): [BoxId, Source][] =>
  boxes.map(({ id, scoreScale }) => [id, { siteId, scale: new SimilarityScale(scoreScale) }]);
