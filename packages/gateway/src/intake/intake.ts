import {
  type BoxEvent,
  type Clock,
  type PictureSlot,
  type Pictures,
  type StoredEvent,
  systemClock,
} from '@se5/core';
import type { SiteConfig } from '../config/config.ts';
import type { BoxId, SiteId } from '../config/ids.ts';
import type { FillInSink, FleetSink, KnownEvents, UnderWay } from '../fleet/fleet-sink.ts';
import type { ImageStore } from '../images/image-store.ts';
import { entryBytes } from '../journal/entry-bytes.ts';
import type { BoxEntry, Journal } from '../journal/journal.ts';
import { JournalError } from '../journal/journal-error.ts';
import type { EventPicture, Recognition } from '../journal/recognition.ts';
import type { NotedTime } from '../noted-time.ts';
import type { Watch } from '../watch/watch.ts';
import { DuplicateWindow } from './duplicates.ts';
import { eventIdOf } from './event-id.ts';
import { knownEvents } from './journal-events.ts';
import { LostEntries } from './lost-entries.ts';
import { MissedEvents } from './missed-events.ts';
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

export interface IntakeOptions {
  readonly observer: IntakeObserver;
  /** Says which rules an event matches. Default: none. */
  readonly watch?: Pick<Watch, 'matchesOf'>;
  /** Default: the system's. */
  readonly clock?: Clock;
}

interface Source {
  readonly siteId: SiteId;
  /** What a box has stored it may score otherwise than what it says live [vendor]. */
  readonly scales: Readonly<Record<Recognition['delivery'], SimilarityScale>>;
}

/** What an event is beyond what the box says of it. */
interface Taken extends Pick<Recognition, 'id' | 'receivedAt' | 'delivery'> {
  readonly pictures: Pictures;
}

/** What boxes say becomes, once each, a recognition in the journal with its pictures in the store. */
export class Intake implements FleetSink {
  readonly #sources: ReadonlyMap<BoxId, Source>;
  readonly #journal: Journal;
  readonly #images: ImageStore;
  readonly #observer: IntakeObserver;
  readonly #watch: Pick<Watch, 'matchesOf'>;
  readonly #clock: Clock;
  readonly #window = new DuplicateWindow();
  readonly #lost = new LostEntries();
  /** What takes the missed events of each box: of a box, the last one. */
  readonly #missed = new Map<BoxId, MissedEvents>();
  /** Of each box, the newest event: appends of one box settle in their order. */
  readonly #newest = new Map<BoxId, Promise<void>>();

  constructor(
    sites: readonly SiteConfig[],
    journal: Journal,
    images: ImageStore,
    { observer, watch = NO_WATCH, clock = systemClock }: IntakeOptions,
  ) {
    this.#sources = new Map(sites.flatMap(sourcesOf));
    this.#journal = journal;
    this.#images = images;
    this.#observer = observer;
    this.#watch = watch;
    this.#clock = clock;
  }

  /**
   * @param receivedAt ms since the Unix epoch by our clock; `instant` by its elapsed time.
   * @returns undefined for a duplicate.
   */
  event(boxId: BoxId, event: BoxEvent, receivedAt: number, instant: number): UnderWay | undefined {
    const id = this.#window.admit(boxId, event, instant);
    if (id === undefined || this.#missed.get(boxId)?.isLate(event)) {
      this.#observer.duplicate(boxId);
      return undefined;
    }
    const { pictures } = event;
    return this.#take(boxId, event, { id, receivedAt, delivery: 'LIVE', pictures });
  }

  /** A span that could not be had of the box; ms since the Unix epoch by our clock. */
  outage(boxId: BoxId, from: number, to: number): void {
    const gap = { reason: 'BOX_UNREACHABLE', from, to, boxId, count: null } as const;
    void this.#append(boxId, { kind: 'gap', gap });
  }

  /** All that the box said up to this time has come here, or an outage. */
  settled(boxId: BoxId, to: NotedTime): void {
    // A process that ends before the gap is said begins where the box was listened to before.
    if (!this.#lost.has(boxId)) this.#journal.settle(boxId, to);
  }

  /** What was said last of it, also by an earlier process. */
  settledTo(boxId: BoxId): NotedTime | undefined {
    return this.#journal.settled.get(boxId);
  }

  /** What the journal has of the box; see `FleetSink.known`. */
  known(boxId: BoxId, before: number | undefined): Promise<KnownEvents> {
    return knownEvents(this.#journal, boxId, before);
  }

  /** Takes what the box has stored; what has not been heard becomes an event that is BACKFILLED. */
  fillIn(boxId: BoxId): FillInSink {
    const missed = new MissedEvents(boxId, this.#journal, {
      caughtUp: async () => this.#newest.get(boxId),
      append: (event, pictures) => {
        const id = eventIdOf(boxId, event);
        const receivedAt = this.#clock.now();
        return this.#take(boxId, event, { id, receivedAt, delivery: 'BACKFILLED', pictures }).taken;
      },
    });
    this.#missed.set(boxId, missed);
    return missed;
  }

  /**
   * This gateway listens to the box no more.
   *
   * @returns whether the journal took all that came of it, or a gap.
   */
  released(boxId: BoxId): boolean {
    const isWhole = !this.#lost.has(boxId);
    this.#lost.forget(boxId);
    this.#missed.delete(boxId);
    this.#newest.delete(boxId);
    return isWhole;
  }

  #take(boxId: BoxId, said: BoxEvent | StoredEvent, taken: Taken): UnderWay {
    const { siteId, scales } = this.#source(boxId);
    const { eventId: _, ...rest } = said;
    const event: Recognition = {
      ...rest,
      ...taken,
      siteId,
      boxId,
      similarity: scales[taken.delivery].similarity(said.score),
      pictures: this.#store(boxId, said, taken),
    };
    const matches = this.#watch.matchesOf(event);
    const entry: BoxEntry = { kind: 'event', event, ...(matches.length > 0 && { matches }) };
    const appended = this.#append(boxId, entry);
    this.#newest.set(boxId, appended);
    return { bytes: entryBytes(entry), taken: appended };
  }

  /** Never rejects: what the journal does not take is told of, and becomes a gap once it takes something. */
  #append(boxId: BoxId, entry: BoxEntry): Promise<void> {
    return this.#journal.append(entry).then(
      ({ isDuplicate = false }) => {
        if (isDuplicate) this.#observer.duplicate(boxId);
        else if (entry.kind === 'event') this.#observer.event(boxId);
        for (const gap of this.#lost.take()) void this.#append(gap.boxId, { kind: 'gap', gap });
      },
      (error: unknown) => {
        // Whoever owns the box has heard it too, or reads it back.
        if (error instanceof JournalError && error.code === 'NOT_OWNER') return;
        this.#lost.add(boxId, entry);
        this.#observer.lost(boxId, error);
      },
    );
  }

  #store(
    boxId: BoxId,
    { identityId, personType, occurredAt }: BoxEvent | StoredEvent,
    { id, receivedAt, pictures }: Taken,
  ): Recognition['pictures'] {
    const stored: { [slot in PictureSlot]?: EventPicture } = {};
    const of = { owner: boxId, subject: { identityId, personType, occurredAt, receivedAt } };
    for (const slot of PICTURE_SLOTS) {
      const picture = pictures[slot];
      if (!picture) continue;
      const key = this.#images.keyOf(id, slot);
      this.#images.put(key, picture, of);
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

const NO_WATCH: Pick<Watch, 'matchesOf'> = { matchesOf: () => [] };

const PICTURE_SLOTS = ['face', 'scene', 'registered'] as const satisfies readonly PictureSlot[];

const sourcesOf = ({ id: siteId, boxes }: SiteConfig): [BoxId, Source][] =>
  boxes.map(({ id, scoreScale }) => {
    const scales = {
      LIVE: new SimilarityScale(scoreScale),
      BACKFILLED: new SimilarityScale(scoreScale),
    };
    return [id, { siteId, scales }];
  });
