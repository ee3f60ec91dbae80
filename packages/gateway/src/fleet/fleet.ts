import { type BoxOptions, type Clock, type PictureDemand, systemClock } from '@se5/core';
import type { SiteConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { Slots } from '../slots.ts';
import { BACKFILL_DEFAULTS, type BackfillOptions } from './backfill/options.ts';
import { PictureDemandLedger } from './demand.ts';
import type { Directory } from './directory.ts';
import { FleetDirectory } from './fleet-directory.ts';
import type { FleetObserver } from './fleet-observer.ts';
import type { FleetSink } from './fleet-sink.ts';
import { BoxSession } from './session.ts';
import { WallTime } from './wall-time.ts';

/** Between the first connects of two boxes, in ms: 1,000 boxes are asked within 5 s, not at once. */
const START_SPACING_MS = 5;

/** So many boxes are asked for what they have stored at a time: what is live comes first. */
const BACKFILL_SLOTS = 4;

const NO_PICTURES: PictureDemand = { live: false, registered: false };

export interface FleetOptions {
  /** Every box is asked for all its pictures all the time. Default: only while somebody wants them. */
  readonly alwaysPictures?: boolean;
  /** Whether pictures of events that are filled in are fetched, as far as they are wanted. Default true. */
  readonly keepPictures?: boolean;
  readonly backfill?: Partial<BackfillOptions>;
  /** How every box is reached, beside what is configured for it. */
  readonly box?: Partial<BoxOptions>;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** All boxes of all sites. The only part of the gateway that talks to boxes. */
export class Fleet implements AsyncDisposable {
  readonly directory: Directory;
  /** Who wants pictures; the boxes are asked for the union. */
  readonly demand: PictureDemandLedger;
  readonly #sessions: ReadonlyMap<string, BoxSession>;
  readonly #noteMs: number;
  #starting: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(
    sites: readonly SiteConfig[],
    sink: FleetSink,
    observer: FleetObserver,
    options: FleetOptions = {},
  ) {
    const { alwaysPictures = false, keepPictures = true, box: overrides = {} } = options;
    const { clock = systemClock } = options;
    const wallTime = new WallTime(clock);
    const directory = new FleetDirectory(sites, wallTime, (boxId, error) =>
      observer.fault(boxId, error),
    );
    const context = {
      clock,
      wallTime,
      overrides,
      directory,
      sink,
      observer,
      slots: new Slots(BACKFILL_SLOTS),
      backfill: { ...BACKFILL_DEFAULTS, ...options.backfill },
      wantedPictures: (boxId: BoxId) => (keepPictures ? this.demand.of(boxId) : NO_PICTURES),
    };
    this.directory = directory;
    this.#noteMs = context.backfill.noteMs;
    this.#sessions = new Map(
      sites.flatMap((site) => site.boxes).map((box) => [box.id, new BoxSession(box, context)]),
    );
    this.demand = new PictureDemandLedger(directory, (boxId, demand) =>
      this.#sessions.get(boxId)?.ask(demand),
    );
    if (alwaysPictures) {
      this.demand.acquire({ pictures: { live: true, registered: true }, reaches: () => true });
    }
  }

  /** Connects to the boxes, one after the other; a box that is down holds nobody up. Call once. */
  start(): void {
    const waiting = this.#sessions.values();
    const startNext = () => {
      const { value: session, done } = waiting.next();
      if (done) clearInterval(this.#starting);
      else session.start();
    };
    this.#starting = setInterval(startNext, START_SPACING_MS);
    this.#settling = setInterval(() => {
      for (const session of this.#sessions.values()) session.settle();
    }, this.#noteMs);
    startNext();
  }

  /** Settles when every connection is closed and no timer is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#starting);
    clearInterval(this.#settling);
    this.demand[Symbol.dispose]();
    await Promise.all(this.#sessions.values().map((session) => session[Symbol.asyncDispose]()));
  }
}
