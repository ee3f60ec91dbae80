import { toDeviceId } from '@se5/core';
import type { Delivery } from '../../src/fanout/delivery.ts';
import { RecognitionFeed, type SubscriptionRequest } from '../../src/fanout/feed.ts';
import type { RecognitionSubscription } from '../../src/fanout/subscription.ts';
import { PictureDemandLedger } from '../../src/fleet/demand.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { Journal, JournalRecord, Position } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { boxConfig, boxDevice, boxId, recognition, siteConfig } from './recognitions.ts';

export const NO_PICTURES = { live: false, registered: false };
export const LIVE_PICTURES = { live: true, registered: false };
/** What a subscription that has ended answers. */
export const DONE = { done: true, value: undefined };

/** The subscribers' side of a gateway without boxes: what happens is put into the journal by the test. */
export class Inside implements Disposable {
  readonly journal: Journal;
  readonly directory = new FleetDirectory([
    siteConfig('hq', [boxConfig({ id: boxId('a') })]),
    siteConfig('plant', [boxConfig({ id: boxId('b') })]),
  ]);
  readonly demand = new PictureDemandLedger(this.directory, () => undefined);
  readonly feed: RecognitionFeed;

  constructor(maxRecords = 10_000) {
    this.journal = createMemoryJournal({ maxRecords });
    this.feed = new RecognitionFeed(this);
    this.directory.list(boxId('a'), ['gate', 'door'].map(boxDevice));
    this.directory.list(boxId('b'), ['gate'].map(boxDevice));
  }

  subscribe(request: Partial<SubscriptionRequest> = {}): RecognitionSubscription {
    return this.feed.subscribe({ withImages: false, pictures: NO_PICTURES, ...request });
  }

  /** Appends a recognition, of box a's gate unless it is said otherwise. */
  event(given: Partial<Recognition> = {}): Promise<JournalRecord> {
    const box = this.directory.box(given.boxId ?? 'a');
    if (!box) throw new Error(`there is no box ${given.boxId}`);
    const from = { boxId: box.id, siteId: box.siteId, deviceId: toDeviceId('gate') };
    const event = recognition({ ...from, ...given });
    return this.journal.append({ kind: 'event', event });
  }

  /** So many of them, at once. */
  async events(count: number): Promise<JournalRecord[]> {
    return Promise.all(Array.from({ length: count }, () => this.event()));
  }

  gap(given: Partial<Gap> = {}): Promise<JournalRecord> {
    const gap = {
      reason: 'BOX_UNREACHABLE',
      from: 1,
      to: 2,
      boxId: boxId('a'),
      count: null,
    } as const;
    return this.journal.append({ kind: 'gap', gap: { ...gap, ...given } });
  }

  [Symbol.dispose](): void {
    this.feed[Symbol.dispose]();
    this.demand[Symbol.dispose]();
  }
}

export async function take(
  subscription: RecognitionSubscription,
  count: number,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  while (deliveries.length < count) {
    const { value } = await subscription.next();
    if (!value) throw new Error(`the subscription ended after ${deliveries.length} deliveries`);
    deliveries.push(value);
  }
  return deliveries;
}

export const positionsOf = (items: readonly { readonly position: Position }[]): Position[] =>
  items.map(({ position }) => position);
