import { type BoxOptions, type Clock, type PictureDemand, systemClock } from '@se5/core';
import type { BoxConfig, SiteConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { Slots } from '../slots.ts';
import { BACKFILL_DEFAULTS, type BackfillOptions } from './backfill/options.ts';
import { PictureDemandLedger } from './demand.ts';
import { DemandElsewhere, NO_PICTURES, union } from './demand-elsewhere.ts';
import type { Directory } from './directory.ts';
import { FleetDirectory } from './fleet-directory.ts';
import type { FleetObserver } from './fleet-observer.ts';
import type { FleetSink } from './fleet-sink.ts';
import { BoxSession, listenedTo, type SessionContext } from './session.ts';
import { WallTime } from './wall-time.ts';

/** Between the first connects of two boxes, in ms: 1,000 boxes are asked within 5 s, not at once. */
const START_SPACING_MS = 5;

/** So many boxes are asked for what they have stored at a time: what is live comes first. */
const BACKFILL_SLOTS = 4;

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
  /** The name of this gateway among others. Default: it has none. */
  readonly gateway?: string;
  /** Told when what is wanted of a box here is something else. */
  readonly demanded?: (boxId: BoxId, demand: PictureDemand) => void;
}

/** All boxes of all sites. The only part of the gateway that talks to boxes. */
export class Fleet implements AsyncDisposable {
  readonly directory: Directory;
  /** Who wants pictures; the boxes are asked for the union. */
  readonly demand: PictureDemandLedger;
  readonly #boxes: ReadonlyMap<BoxId, BoxConfig>;
  readonly #context: SessionContext;
  readonly #adopting: FleetDirectory;
  /** Of the boxes that this gateway listens to. */
  readonly #sessions = new Map<BoxId, BoxSession>();
  readonly #elsewhere: DemandElsewhere;
  readonly #noteMs: number;
  #isClosed = false;
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
    const directory = new FleetDirectory(
      sites,
      wallTime,
      (boxId, error) => observer.fault(boxId, error),
      options.gateway,
    );
    this.#context = {
      clock,
      wallTime,
      overrides,
      directory,
      sink,
      observer,
      slots: new Slots(BACKFILL_SLOTS),
      backfill: { ...BACKFILL_DEFAULTS, ...options.backfill },
      wantedPictures: (boxId: BoxId) => (keepPictures ? this.#wanted(boxId) : NO_PICTURES),
    };
    this.directory = directory;
    this.#adopting = directory;
    this.#noteMs = this.#context.backfill.noteMs;
    this.#boxes = new Map(sites.flatMap((site) => site.boxes).map((box) => [box.id, box]));
    for (const box of this.#boxes.values()) {
      if (box.devices) directory.list(box.id, listenedTo(box, []));
    }
    const ask = (boxId: BoxId) => this.#sessions.get(boxId)?.ask(this.#wanted(boxId));
    this.demand = new PictureDemandLedger(directory, (boxId, demand) => {
      ask(boxId);
      options.demanded?.(boxId, demand);
    });
    this.#elsewhere = new DemandElsewhere(ask);
    if (alwaysPictures) {
      this.demand.acquire({ pictures: { live: true, registered: true }, reaches: () => true });
    }
  }

  /** Connects to the box. A box that is connected stays so. */
  connect(boxId: BoxId): void {
    const box = this.#boxes.get(boxId);
    if (!box || this.#sessions.has(boxId) || this.#isClosed) return;
    this.#adopting.adopt(boxId, undefined);
    const session = new BoxSession(box, this.#context);
    this.#sessions.set(boxId, session);
    session.ask(this.#wanted(boxId));
    session.start();
    this.#settling ??= setInterval(() => {
      for (const each of this.#sessions.values()) each.settle();
    }, this.#noteMs);
  }

  /** Settles when the box is let go. @returns see `BoxSession.end`; false when it was not connected. */
  async disconnect(boxId: BoxId): Promise<boolean> {
    const session = this.#sessions.get(boxId);
    this.#sessions.delete(boxId);
    return (await session?.end()) ?? false;
  }

  /** What is known of a box to which another gateway listens; see `FleetDirectory.adopt`. */
  adopt(...known: Parameters<FleetDirectory['adopt']>): void {
    if (!this.#sessions.has(known[0])) this.#adopting.adopt(...known);
  }

  heardElsewhere(...heard: Parameters<FleetDirectory['heardElsewhere']>): void {
    this.#adopting.heardElsewhere(...heard);
  }

  /** Which pictures the clients of another gateway want; none once it is no more. */
  wantElsewhere(gateway: string, demands: ReadonlyMap<BoxId, PictureDemand>): void {
    this.#elsewhere.set(gateway, demands);
  }

  /** Connects to the boxes, one after the other; a box that is down holds nobody up. Call once. */
  start(): void {
    const waiting = this.#boxes.keys();
    const startNext = () => {
      const { value: boxId, done } = waiting.next();
      if (done) clearInterval(this.#starting);
      else this.connect(boxId);
    };
    this.#starting = setInterval(startNext, START_SPACING_MS);
    startNext();
  }

  /** Settles when every connection is closed and no timer is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#starting);
    clearInterval(this.#settling);
    this.demand[Symbol.dispose]();
    await Promise.all(this.#sessions.values().map((session) => session[Symbol.asyncDispose]()));
  }

  /** The union of what is wanted of the box here and elsewhere. */
  #wanted(boxId: BoxId): PictureDemand {
    return union(this.demand.of(boxId), this.#elsewhere.of(boxId));
  }
}
