import type { PictureDemand } from '@se5/core';
import type { PictureWant } from '../fleet/demand.ts';
import type { Directory } from '../fleet/directory.ts';
import { compileFilter, type EventFilter, oneOfDevices } from '../journal/filter.ts';
import type { Gap } from '../journal/gap.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { compileRoute, type Route } from './route.ts';
import { JournalSubscription, type RecognitionSubscription } from './subscription.ts';

export interface SubscriptionRequest {
  /** Undefined: every device. Empty: none. Beside `filter.deviceIds`: both must agree. */
  readonly deviceIds?: readonly string[];
  readonly filter?: EventFilter;
  /** Begin after this cursor; without it, with the next record. */
  readonly after?: string;
  readonly withImages: boolean;
  /** Which pictures are looked at; asked of the boxes only `withImages`. */
  readonly pictures: PictureDemand;
}

export interface FeedServices {
  readonly journal: Journal;
  readonly directory: Directory;
  readonly demand: { acquire(want: PictureWant): Disposable };
  /** Told of each event that is handed to a subscriber; must not throw. */
  readonly delivered?: () => void;
}

/** Hands what is in the journal, and what comes into it, to everyone who subscribes. */
export class RecognitionFeed implements Disposable {
  readonly #services: FeedServices;
  readonly #demands = new Map<JournalSubscription, Disposable | undefined>();
  readonly #parked = new Set<JournalSubscription>();
  readonly #appends: Disposable;

  constructor(services: FeedServices) {
    this.#services = services;
    this.#appends = services.journal.onAppend((record) => this.#offer(record));
  }

  /** Subscriptions that have not ended. */
  get subscribers(): number {
    return this.#demands.size;
  }

  /** @throws {GatewayError} INVALID_CURSOR when `after` is no cursor. */
  subscribe(request: SubscriptionRequest): RecognitionSubscription {
    const { deviceIds, filter = {}, after, withImages, pictures } = request;
    const { journal, demand, delivered = () => {} } = this.#services;
    const start =
      after === undefined ? { position: journal.newest, gap: undefined } : journal.resume(after);
    const isWanted = oneOfDevices(deviceIds);
    const isInFilter = compileFilter(filter);
    const route = compileRoute(deviceIds, filter);
    const subscription = new JournalSubscription({
      journal,
      start,
      withImages,
      matches: (event) => isWanted(event.boxId, event.deviceId) && isInFilter(event),
      touches: (gap) => this.#touches(route, gap),
      delivered,
      parked: (parked) => this.#parked.add(parked),
      ended: (ended) => this.#remove(ended),
    });
    const wants = withImages && (pictures.live || pictures.registered);
    this.#demands.set(
      subscription,
      wants ? demand.acquire({ pictures, reaches: route }) : undefined,
    );
    return subscription;
  }

  /**
   * Ends all subscriptions. To a client that is told of it, an end is final: close the
   * connections first when clients shall come back.
   */
  [Symbol.dispose](): void {
    this.#appends[Symbol.dispose]();
    for (const subscription of this.#demands.keys()) void subscription.return();
  }

  #offer(record: JournalRecord): void {
    for (const subscription of this.#parked) {
      if (!subscription.offer(record)) this.#parked.delete(subscription);
    }
  }

  #remove(subscription: JournalSubscription): void {
    this.#parked.delete(subscription);
    this.#demands.get(subscription)?.[Symbol.dispose]();
    this.#demands.delete(subscription);
  }

  /** A box that is configured no longer may have had any device: that is told rather than hidden. */
  #touches(route: Route, { boxId }: Gap): boolean {
    const { directory } = this.#services;
    const box = boxId === null ? undefined : directory.box(boxId);
    return box === undefined || route(box, directory.knownDevices(box.id));
  }
}
