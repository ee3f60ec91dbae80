import {
  type BoxDevice,
  type BoxError,
  type BoxEvent,
  type DeviceId,
  type LinkState,
  systemClock,
} from '@se5/core';
import { isBareId } from '../config/bare-id.ts';
import type { SiteConfig } from '../config/config.ts';
import type { BoxId } from '../config/ids.ts';
import { Listeners } from '../listeners.ts';
import { BoxRecord } from './box-record.ts';
import type { ClockOffset } from './clock-offset.ts';
import type {
  BackfillStatus,
  BoxEntry,
  BoxStatus,
  DeviceEntry,
  Directory,
  Elsewhere,
  GlobalDeviceId,
  Site,
} from './directory.ts';
import { WallTime } from './wall-time.ts';

/** The directory, and how the fleet keeps it up to date: `list`, `heard`,
 * `linked`, `devicesPolled` and `backfilled`. */
export class FleetDirectory implements Directory {
  readonly sites: readonly Site[];
  readonly boxes: readonly BoxEntry[];
  readonly #siteById: ReadonlyMap<string, Site>;
  readonly #recordById: ReadonlyMap<string, BoxRecord>;
  /** By a device's bare id: the boxes that list it, or have listed it. */
  readonly #recordsByDevice = new Map<string, Set<BoxRecord>>();
  readonly #gateway: string | undefined;
  readonly #statusListeners: Listeners<BoxStatus>;
  readonly #devicesListeners: Listeners<BoxId>;

  /**
   * @param fault told of what a listener threw. Default: it is thrown where nobody catches it.
   * @param gateway The name of this gateway among others. Default: it has none.
   */
  constructor(
    sites: readonly SiteConfig[],
    wallTime = new WallTime(systemClock),
    fault?: (boxId: BoxId, error: unknown) => void,
    gateway?: string,
  ) {
    this.#gateway = gateway;
    this.#statusListeners = new Listeners(fault && ((error, { boxId }) => fault(boxId, error)));
    this.#devicesListeners = new Listeners(fault && ((error, boxId) => fault(boxId, error)));
    this.sites = sites.map(({ id, name, timezone }) => ({ id, name, timezone }));
    this.boxes = sites.flatMap((site) =>
      site.boxes.map(({ id, name }) => ({ id, name, siteId: site.id })),
    );
    this.#siteById = new Map(this.sites.map((site) => [site.id, site]));
    this.#recordById = new Map(this.boxes.map((box) => [box.id, new BoxRecord(box, wallTime)]));
  }

  site(id: string): Site | undefined {
    return this.#siteById.get(id);
  }

  box(id: string): BoxEntry | undefined {
    return this.#recordById.get(id)?.box;
  }

  devices(boxId: BoxId): readonly DeviceEntry[] {
    return this.#recordById.get(boxId)?.listed ?? [];
  }

  knownDevices(boxId: BoxId): readonly DeviceEntry[] {
    return [...this.devices(boxId), ...(this.#recordById.get(boxId)?.gone ?? [])];
  }

  device(boxId: BoxId, deviceId: DeviceId): DeviceEntry {
    const record = this.#record(boxId);
    return knownDevice(record, deviceId) ?? record.unknownDevice(deviceId);
  }

  findDevices(id: string): readonly DeviceEntry[] {
    if (!isBareId(id)) {
      const [record, deviceId] = this.#split(id);
      const device = record && knownDevice(record, deviceId);
      return device ? [device] : [];
    }
    const records = [...(this.#recordsByDevice.get(id) ?? [])];
    const listed = records.flatMap((each) => each.listedDevice(id) ?? []);
    return listed.length > 0 ? listed : records.flatMap((each) => each.goneDevice(id) ?? []);
  }

  lastEventAt(device: GlobalDeviceId): number | undefined {
    const [record, deviceId] = this.#split(device);
    return record?.lastEventOf(deviceId);
  }

  status(boxId: BoxId): BoxStatus {
    return this.#record(boxId).status;
  }

  gatewayOf(boxId: BoxId): string | undefined {
    const record = this.#record(boxId);
    if (record.elsewhere) return record.elsewhere.gateway;
    return record.link.name === 'STOPPED' ? undefined : this.#gateway;
  }

  onStatus(listener: (status: BoxStatus) => void): Disposable {
    return this.#statusListeners.add(listener);
  }

  onDevices(listener: (boxId: BoxId) => void): Disposable {
    return this.#devicesListeners.add(listener);
  }

  /**
   * Another gateway listens to the box, and says this of it. Undefined: no other does.
   *
   * @param devices As the box lists them. Undefined: as before.
   */
  adopt(boxId: BoxId, elsewhere: Elsewhere | undefined, devices?: readonly BoxDevice[]): void {
    const record = this.#record(boxId);
    if (!elsewhere && !record.elsewhere) return;
    record.elsewhere = elsewhere;
    if (devices && !isSameList(devices, record.listed)) this.list(boxId, devices);
    this.#statusListeners.tell(record.status);
  }

  /** An event of a box to which another gateway listens. */
  heardElsewhere(boxId: BoxId, deviceId: DeviceId, receivedAt: number): void {
    const record = this.#recordById.get(boxId);
    if (record?.elsewhere) record.heardDevice(deviceId, receivedAt);
  }

  /** The devices that the box lists now. */
  list(boxId: BoxId, devices: readonly BoxDevice[]): void {
    const record = this.#record(boxId);
    for (const id of record.list(devices)) this.#unindex(id, record);
    for (const { deviceId } of devices) this.#index(deviceId, record);
    this.#devicesListeners.tell(boxId);
  }

  /**
   * An event of the box; `receivedAt` in ms since the Unix epoch by our clock, `instant` by its
   * elapsed time.
   */
  heard(boxId: BoxId, event: BoxEvent, receivedAt: number, instant: number): void {
    this.#record(boxId).heard(event, receivedAt, instant);
  }

  /** By how much the box's clock is ahead of our elapsed time. */
  clockOffset(boxId: BoxId): ClockOffset {
    return this.#record(boxId).clockOffset;
  }

  /** The state of the link to the box is another. */
  linked(boxId: BoxId, link: LinkState): void {
    const record = this.#record(boxId);
    record.link = link;
    this.#statusListeners.tell(record.status);
  }

  /**
   * The box was asked for its devices.
   *
   * @param error Why they could not be had, or not all of them. Default: they were all read.
   */
  devicesPolled(boxId: BoxId, error?: BoxError): void {
    const record = this.#record(boxId);
    const previous = record.devicesError;
    record.devicesError = error;
    const isSame = previous?.code === error?.code && previous?.message === error?.message;
    if (!isSame) this.#statusListeners.tell(record.status);
  }

  /** Filling in what the box said during an outage has got on. */
  backfilled(boxId: BoxId, backfill: BackfillStatus): void {
    const record = this.#record(boxId);
    record.backfill = backfill;
    this.#statusListeners.tell(record.status);
  }

  #index(deviceId: string, record: BoxRecord): void {
    const records = this.#recordsByDevice.get(deviceId);
    if (records) records.add(record);
    else this.#recordsByDevice.set(deviceId, new Set([record]));
  }

  #unindex(deviceId: string, record: BoxRecord): void {
    const records = this.#recordsByDevice.get(deviceId);
    records?.delete(record);
    if (records?.size === 0) this.#recordsByDevice.delete(deviceId);
  }

  /** Box ids hold no slash, device ids may. */
  #split(id: string): [BoxRecord | undefined, string] {
    const slash = id.indexOf('/');
    return [this.#recordById.get(id.slice(0, Math.max(slash, 0))), id.slice(slash + 1)];
  }

  #record(boxId: BoxId): BoxRecord {
    const record = this.#recordById.get(boxId);
    if (!record) throw new RangeError(`box "${boxId}" is not configured`);
    return record;
  }
}

const isSameList = (devices: readonly BoxDevice[], listed: readonly DeviceEntry[]): boolean =>
  devices.length === listed.length &&
  devices.every(({ deviceId, name, kind, ip }, index) => {
    const entry = listed[index];
    return (
      entry?.deviceId === deviceId && entry.name === name && entry.kind === kind && entry.ip === ip
    );
  });

const knownDevice = (record: BoxRecord, id: string): DeviceEntry | undefined =>
  record.listedDevice(id) ?? record.goneDevice(id);
