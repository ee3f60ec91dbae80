import type { BoxOptions, DeviceId } from '@se5/core';
import type { SiteConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { Listeners } from '../listeners.ts';
import { PictureDemandLedger } from './demand.ts';
import { DeviceInventory } from './device-inventory.ts';
import type {
  BoxEntry,
  BoxStatus,
  DeviceEntry,
  Directory,
  GlobalDeviceId,
  Site,
} from './directory.ts';
import { BoxSession, type SessionObserver } from './session.ts';
import type { FleetSink } from './sink.ts';

/** Between the first connects of two boxes, in ms: 1,000 boxes are asked within 5 s, not at once. */
const START_SPACING_MS = 5;

export interface FleetOptions {
  /** `always`: every box is asked for its pictures all the time. Default: only while somebody wants them. */
  readonly capture?: 'on-demand' | 'always';
  /** How every box is reached, beside what is configured for it. */
  readonly box?: Partial<BoxOptions>;
}

/** All boxes of all sites. The only part of the gateway that talks to boxes. */
export class Fleet implements Directory, AsyncDisposable {
  readonly sites: readonly Site[];
  readonly boxes: readonly BoxEntry[];
  /** Who wants pictures; the boxes are asked for the union. */
  readonly demand: PictureDemandLedger;
  readonly #siteById: ReadonlyMap<string, Site>;
  readonly #boxById: ReadonlyMap<string, BoxEntry>;
  readonly #sessions: ReadonlyMap<string, BoxSession>;
  readonly #inventory: DeviceInventory;
  readonly #onStatus = new Listeners<BoxStatus>();
  readonly #onDevices = new Listeners<BoxId>();
  #starting: NodeJS.Timeout | undefined;

  constructor(sites: readonly SiteConfig[], sink: FleetSink, options: FleetOptions = {}) {
    this.sites = sites.map(({ id, name, timezone }) => ({ id, name, timezone }));
    this.boxes = sites.flatMap((site) =>
      site.boxes.map(({ id, name }) => ({ id, name, siteId: site.id })),
    );
    this.#siteById = new Map(this.sites.map((site) => [site.id, site]));
    this.#boxById = new Map(this.boxes.map((box) => [box.id, box]));
    this.#inventory = new DeviceInventory(this.boxes);
    const observer = this.#observe(sink);
    this.#sessions = new Map(
      sites
        .flatMap((site) => site.boxes)
        .map((box) => [box.id, new BoxSession(box, options.box ?? {}, observer)]),
    );
    this.demand = new PictureDemandLedger(this, (boxId, demand) =>
      this.#session(boxId).ask(demand),
    );
    if (options.capture === 'always') {
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
    startNext();
  }

  site(id: string): Site | undefined {
    return this.#siteById.get(id);
  }

  box(id: string): BoxEntry | undefined {
    return this.#boxById.get(id);
  }

  devices(boxId: BoxId): readonly DeviceEntry[] {
    return this.#inventory.listed(boxId);
  }

  knownDevices(boxId: BoxId): readonly DeviceEntry[] {
    return this.#inventory.known(boxId);
  }

  device(boxId: BoxId, deviceId: DeviceId): DeviceEntry {
    return this.#inventory.get(boxId, deviceId);
  }

  findDevices(id: string): readonly DeviceEntry[] {
    return this.#inventory.find(id);
  }

  lastEventAt(device: GlobalDeviceId): number | undefined {
    return this.#inventory.lastEventAt(device);
  }

  status(boxId: BoxId): BoxStatus {
    return this.#session(boxId).status;
  }

  onStatus(listener: (status: BoxStatus) => void): Disposable {
    return this.#onStatus.add(listener);
  }

  onDevices(listener: (boxId: BoxId) => void): Disposable {
    return this.#onDevices.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#starting);
    this.demand[Symbol.dispose]();
    await Promise.all(
      [...this.#sessions.values()].map((session) => session[Symbol.asyncDispose]()),
    );
  }

  #observe(sink: FleetSink): SessionObserver {
    return {
      event: (boxId, event, receivedAt) => {
        this.#inventory.heard(boxId, event.deviceId, receivedAt);
        sink.event(boxId, event, receivedAt);
      },
      devices: (boxId, devices) => {
        this.#inventory.list(boxId, devices);
        this.#onDevices.tell(boxId);
      },
      link: (boxId, state, previous) => {
        sink.link(boxId, state, previous);
        this.#onStatus.tell(this.status(boxId));
      },
      outage: (boxId, from, to) => sink.outage(boxId, from, to),
      unreadable: (boxId, error) => sink.unreadable(boxId, error),
      devicesFailed: (boxId, error) => sink.devicesFailed(boxId, error),
      fault: (boxId, error) => sink.fault(boxId, error),
    };
  }

  #session(boxId: BoxId): BoxSession {
    const session = this.#sessions.get(boxId);
    if (!session) throw new RangeError(`box "${boxId}" is not configured`);
    return session;
  }
}
