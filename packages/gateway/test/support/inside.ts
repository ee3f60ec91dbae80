import { type PictureSlot, toDeviceId } from '@se5/core';
import type { ImagesConfig } from '../../src/config/config.ts';
import { Fanout } from '../../src/fanout/fanout.ts';
import { PictureDemandLedger } from '../../src/fleet/demand.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import {
  createMemoryImageStore,
  type MemoryImageStore,
} from '../../src/images/memory-image-store.ts';
import type { PictureAddresses } from '../../src/images/picture-addresses.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { Cursor, Journal, JournalRecord } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import type { EventPicture, Recognition } from '../../src/journal/recognition.ts';
import { entry, gapEntry } from './journals.ts';
import { addressesOf } from './picture-addresses.ts';
import { boxConfig, boxDevice, boxId, origin, picture, siteConfig } from './recognitions.ts';
import { Subscriber, type SubscriberRequest } from './subscriber.ts';

/** Of each box. */
const DEVICES: Readonly<Record<string, readonly string[]>> = { a: ['gate', 'door'], b: ['gate'] };

/** The subscribers' side of a gateway without boxes: what happens is put into the journal by the test. */
export class Inside implements Disposable {
  readonly journal: Journal;
  readonly directory = new FleetDirectory([
    siteConfig('hq', [boxConfig({ id: boxId('a') })]),
    siteConfig('plant', [boxConfig({ id: boxId('b') })]),
  ]);
  readonly demand = new PictureDemandLedger(this.directory, () => undefined);
  readonly images: MemoryImageStore;
  readonly pictureAddresses: PictureAddresses;
  readonly fanout: Fanout;
  /** Events that were put into outboxes. */
  readonly now = Date.now;
  readonly newestFor = () => this.journal.newest;
  delivered = 0;

  /**
   * @param journal one of its own, in memory, when it is a number: that of its records.
   * @param listed the boxes that have said which devices they have.
   */
  constructor(
    journal: number | Journal = 10_000,
    images: Partial<ImagesConfig> = {},
    listed: readonly string[] = Object.keys(DEVICES),
  ) {
    this.journal =
      typeof journal === 'number' ? createMemoryJournal({ maxRecords: journal }) : journal;
    this.images = createMemoryImageStore({
      capture: 'on-demand',
      keepMs: 86_400_000,
      maxBytes: 2 ** 24,
      ...images,
    });
    this.pictureAddresses = addressesOf(this.images);
    this.fanout = new Fanout({
      ...this,
      delivered: (count) => {
        this.delivered += count;
      },
    });
    for (const id of listed) this.directory.list(boxId(id), (DEVICES[id] ?? []).map(boxDevice));
  }

  subscribe(request: SubscriberRequest = {}): Subscriber {
    return new Subscriber(this.fanout, this, request);
  }

  /** A picture in the store, as intake would put it there. */
  put(slot: PictureSlot, base64: string): Recognition['pictures'] {
    const { byteLength, contentType, ...rest } = picture(base64);
    const key = this.images.keyOf('an event', slot);
    this.images.put(key, { byteLength, contentType, ...rest }, origin());
    return { [slot]: { key, byteLength, contentType } satisfies EventPicture };
  }

  /** The cursor of one who has everything so far. */
  get cursor(): Cursor {
    return this.journal.cursorAt(this.journal.newest);
  }

  /** Appends a recognition, of box a's gate unless it is said otherwise. */
  event(given: Partial<Recognition> = {}): Promise<JournalRecord> {
    const box = this.directory.box(given.boxId ?? 'a');
    if (!box) throw new Error(`there is no box ${given.boxId}`);
    const from = { boxId: box.id, siteId: box.siteId, deviceId: toDeviceId('gate') };
    return this.journal.append(entry({ ...from, ...given }));
  }

  /** So many of them, at once. */
  async events(count: number): Promise<JournalRecord[]> {
    return Promise.all(Array.from({ length: count }, () => this.event()));
  }

  /** Appends a gap, of box a unless it is said otherwise. */
  gap(given: Partial<Gap> = {}): Promise<JournalRecord> {
    return this.journal.append(gapEntry({ boxId: boxId('a'), ...given }));
  }

  [Symbol.dispose](): void {
    this.fanout[Symbol.dispose]();
    void this.images[Symbol.asyncDispose]();
    this.demand[Symbol.dispose]();
  }
}

/** Everything that is in the journal by now has been published. */
export const published = (): Promise<void> => new Promise(setImmediate);
