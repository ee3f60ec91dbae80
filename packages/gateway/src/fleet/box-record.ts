import type { BoxDevice, BoxEvent, DeviceId, LinkState } from '@se5/core';
import { ClockOffset } from './clock-offset.ts';
import { type BoxEntry, type BoxStatus, type DeviceEntry, globalDeviceId } from './directory.ts';

/** Devices that are gone are remembered up to this number; the longest gone go first. */
const MAX_GONE = 1_000;

/** What is known of one box: its devices, listed and gone, and how it stands. */
export class BoxRecord {
  readonly box: BoxEntry;
  link: LinkState = { name: 'STOPPED', since: Date.now() };
  readonly #clockOffset = new ClockOffset();
  #lastEventAt: number | undefined;
  #listed: ReadonlyMap<string, DeviceEntry> = new Map();
  /** In the order in which they went. */
  readonly #gone = new Map<string, DeviceEntry>();
  readonly #lastEventAtByDevice = new Map<string, number>();

  constructor(box: BoxEntry) {
    this.box = box;
  }

  get status(): BoxStatus {
    return {
      boxId: this.box.id,
      link: this.link,
      lastEventAt: this.#lastEventAt,
      clockOffsetMs: this.#clockOffset.estimateMs,
    };
  }

  get listed(): readonly DeviceEntry[] {
    return [...this.#listed.values()];
  }

  get gone(): readonly DeviceEntry[] {
    return [...this.#gone.values()];
  }

  listedDevice(id: string): DeviceEntry | undefined {
    return this.#listed.get(id);
  }

  goneDevice(id: string): DeviceEntry | undefined {
    return this.#gone.get(id);
  }

  /** For a device that the box has never listed: nothing but its ids. */
  unknownDevice(deviceId: DeviceId): DeviceEntry {
    const { id: boxId, siteId } = this.box;
    const id = globalDeviceId(boxId, deviceId);
    return { id, boxId, siteId, deviceId, name: undefined, kind: undefined, ip: undefined };
  }

  lastEventOf(deviceId: string): number | undefined {
    return this.#lastEventAtByDevice.get(deviceId);
  }

  /** What the box lists now; the others are gone. Returns the ids of those forgotten altogether. */
  list(devices: readonly BoxDevice[]): readonly string[] {
    for (const [id, entry] of this.#listed) this.#gone.set(id, entry);
    this.#listed = new Map(
      devices.map(({ deviceId, name, kind, ip }) => [
        deviceId,
        { ...this.unknownDevice(deviceId), name, kind, ip },
      ]),
    );
    for (const id of this.#listed.keys()) this.#gone.delete(id);
    const forgotten = [...this.#gone.keys()].slice(0, Math.max(this.#gone.size - MAX_GONE, 0));
    for (const id of forgotten) {
      this.#gone.delete(id);
      this.#lastEventAtByDevice.delete(id);
    }
    return forgotten;
  }

  heard({ deviceId, occurredAt }: BoxEvent, receivedAt: number): void {
    this.#lastEventAt = receivedAt;
    this.#clockOffset.sample(occurredAt, receivedAt);
    // Of listed devices only: those that a box may invent are without number.
    if (this.#listed.has(deviceId)) this.#lastEventAtByDevice.set(deviceId, receivedAt);
  }
}
