import type { BoxDevice, BoxError, BoxEvent, DeviceId, LinkState } from '@se5/core';
import { ClockOffset } from './clock-offset.ts';
import {
  type BackfillStatus,
  type BoxEntry,
  type BoxStatus,
  type DeviceEntry,
  type Elsewhere,
  globalDeviceId,
} from './directory.ts';
import type { WallTime } from './wall-time.ts';

/** Devices that are gone are remembered up to this number; the longest gone go first. */
const MAX_GONE = 1_000;

/** What is known of one box: its devices, listed and gone, and how it stands. */
export class BoxRecord {
  readonly box: BoxEntry;
  #link: LinkState;
  /** Since when the link has been up, whether or not events came. */
  #upSince: number | undefined;
  backfill: BackfillStatus | undefined;
  devicesError: BoxError | undefined;
  /** By elapsed time, which nobody sets. */
  readonly clockOffset = new ClockOffset();
  readonly #wallTime: WallTime;
  #lastEventAt: number | undefined;
  /** The gateway that listens to the box, as far as it is another one. */
  elsewhere: Elsewhere | undefined;
  #listed: readonly DeviceEntry[] = [];
  #listedById: ReadonlyMap<string, DeviceEntry> = new Map();
  /** In the order in which they went. */
  readonly #gone = new Map<string, DeviceEntry>();
  readonly #lastEventAtByDevice = new Map<string, number>();

  constructor(box: BoxEntry, wallTime: WallTime) {
    this.box = box;
    this.#wallTime = wallTime;
    this.#link = { name: 'STOPPED', since: wallTime.now };
  }

  get link(): LinkState {
    return this.#link;
  }

  set link(link: LinkState) {
    this.#link = link;
    const isUp = link.name === 'LIVE' || link.name === 'SILENT';
    this.#upSince = isUp ? (this.#upSince ?? link.since) : undefined;
  }

  get status(): BoxStatus {
    if (this.elsewhere) return this.elsewhere.status;
    const aheadMs = this.clockOffset.estimateMs;
    return {
      boxId: this.box.id,
      link: this.link,
      ...(this.#upSince !== undefined && { upSince: this.#upSince }),
      devicesError: this.devicesError,
      lastEventAt: this.#lastEventAt,
      clockOffsetMs:
        aheadMs === undefined ? undefined : Math.round(aheadMs - this.#wallTime.originMs),
      backfill: this.backfill,
    };
  }

  get listed(): readonly DeviceEntry[] {
    return this.#listed;
  }

  get gone(): readonly DeviceEntry[] {
    return [...this.#gone.values()];
  }

  listedDevice(id: string): DeviceEntry | undefined {
    return this.#listedById.get(id);
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
    for (const entry of this.#listed) this.#gone.set(entry.deviceId, entry);
    this.#listed = devices.map(({ deviceId, name, kind, ip }) => ({
      ...this.unknownDevice(deviceId),
      name,
      kind,
      ip,
    }));
    this.#listedById = new Map(this.#listed.map((entry) => [entry.deviceId, entry]));
    for (const id of this.#listedById.keys()) this.#gone.delete(id);
    const forgotten = [...this.#gone.keys()].slice(0, Math.max(this.#gone.size - MAX_GONE, 0));
    for (const id of forgotten) {
      this.#gone.delete(id);
      this.#lastEventAtByDevice.delete(id);
    }
    return forgotten;
  }

  heard({ deviceId, occurredAt }: BoxEvent, receivedAt: number, instant: number): void {
    this.#lastEventAt = receivedAt;
    this.clockOffset.sample(occurredAt, instant);
    this.heardDevice(deviceId, receivedAt);
  }

  heardDevice(deviceId: DeviceId, receivedAt: number): void {
    // Of listed devices only: those that a box may invent are without number.
    if (this.#listedById.has(deviceId)) this.#lastEventAtByDevice.set(deviceId, receivedAt);
  }
}
