import type { BoxDevice, DeviceId } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import {
  type BoxEntry,
  type DeviceEntry,
  type GlobalDeviceId,
  globalDeviceId,
} from './directory.ts';

/** Devices of one box that are gone are remembered up to this number; the longest gone go first. */
const MAX_GONE_PER_BOX = 1_000;

interface BoxDevices {
  readonly box: BoxEntry;
  listed: ReadonlyMap<string, DeviceEntry>;
  /** In the order in which they went. */
  readonly gone: Map<string, DeviceEntry>;
  readonly lastEventAt: Map<string, number>;
}

/** Every device that each box lists, or has listed, by full id and by its box's own id. */
export class DeviceInventory {
  readonly #boxes: ReadonlyMap<string, BoxDevices>;
  readonly #boxesByDevice = new Map<string, Set<BoxDevices>>();

  constructor(boxes: readonly BoxEntry[]) {
    this.#boxes = new Map(
      boxes.map((box) => [
        box.id,
        { box, listed: new Map(), gone: new Map(), lastEventAt: new Map() },
      ]),
    );
  }

  /** What the box lists now; what it does not list any more is gone, but not forgotten. */
  list(boxId: BoxId, devices: readonly BoxDevice[]): void {
    const record = this.#record(boxId);
    for (const [id, entry] of record.listed) record.gone.set(id, entry);
    record.listed = new Map(
      devices.map(({ deviceId, name, kind, ip }) => [
        deviceId,
        { ...this.#bare(record.box, deviceId), name, kind, ip },
      ]),
    );
    for (const id of record.listed.keys()) {
      record.gone.delete(id);
      const holders = this.#boxesByDevice.get(id);
      if (holders) holders.add(record);
      else this.#boxesByDevice.set(id, new Set([record]));
    }
    for (const id of record.gone.keys()) {
      if (record.gone.size <= MAX_GONE_PER_BOX) break;
      this.#forget(record, id);
    }
  }

  listed(boxId: BoxId): readonly DeviceEntry[] {
    return [...(this.#boxes.get(boxId)?.listed.values() ?? [])];
  }

  known(boxId: BoxId): readonly DeviceEntry[] {
    return [...this.listed(boxId), ...(this.#boxes.get(boxId)?.gone.values() ?? [])];
  }

  get(boxId: BoxId, deviceId: DeviceId): DeviceEntry {
    const record = this.#record(boxId);
    return (
      record.listed.get(deviceId) ?? record.gone.get(deviceId) ?? this.#bare(record.box, deviceId)
    );
  }

  find(id: string): readonly DeviceEntry[] {
    const [record, deviceId] = this.#split(id);
    const exact = record?.listed.get(deviceId) ?? record?.gone.get(deviceId);
    if (exact) return [exact];
    const holders = [...(this.#boxesByDevice.get(id) ?? [])];
    const listed = holders.flatMap((holder) => holder.listed.get(id) ?? []);
    return listed.length > 0 ? listed : holders.flatMap((holder) => holder.gone.get(id) ?? []);
  }

  /** Only devices that were listed once are kept count of: what a box may invent is unbounded. */
  heard(boxId: BoxId, deviceId: DeviceId, at: number): void {
    const record = this.#record(boxId);
    if (record.listed.has(deviceId) || record.gone.has(deviceId)) {
      record.lastEventAt.set(deviceId, at);
    }
  }

  lastEventAt(id: GlobalDeviceId): number | undefined {
    const [record, deviceId] = this.#split(id);
    return record?.lastEventAt.get(deviceId);
  }

  #forget(record: BoxDevices, id: string): void {
    record.gone.delete(id);
    record.lastEventAt.delete(id);
    const holders = this.#boxesByDevice.get(id);
    holders?.delete(record);
    if (holders?.size === 0) this.#boxesByDevice.delete(id);
  }

  /** Box ids hold no slash, device ids may. */
  #split(id: string): [BoxDevices | undefined, string] {
    const slash = id.indexOf('/');
    return [this.#boxes.get(id.slice(0, Math.max(slash, 0))), id.slice(slash + 1)];
  }

  #bare({ id: boxId, siteId }: BoxEntry, deviceId: DeviceId): DeviceEntry {
    const id = globalDeviceId(boxId, deviceId);
    return { id, boxId, siteId, deviceId, name: undefined, kind: undefined, ip: undefined };
  }

  #record(boxId: BoxId): BoxDevices {
    const record = this.#boxes.get(boxId);
    if (!record) throw new RangeError(`box "${boxId}" is not configured`);
    return record;
  }
}
