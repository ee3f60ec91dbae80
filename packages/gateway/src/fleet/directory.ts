import type { BoxError, DeviceId, LinkState } from '@se5/core';
import type { BoxId, SiteId } from '../config/ids.ts';

/** `<box id>/<device id>`: unique over all boxes. */
export type GlobalDeviceId = `${string}/${string}`;

export const globalDeviceId = (boxId: BoxId, deviceId: DeviceId): GlobalDeviceId =>
  `${boxId}/${deviceId}`;

export interface Site {
  readonly id: SiteId;
  readonly name: string;
  readonly timezone: string | undefined;
}

export interface BoxEntry {
  readonly id: BoxId;
  readonly name: string;
  readonly siteId: SiteId;
}

export interface DeviceEntry {
  readonly id: GlobalDeviceId;
  readonly boxId: BoxId;
  readonly siteId: SiteId;
  readonly deviceId: DeviceId;
  readonly name: string | undefined;
  readonly kind: string | undefined;
  readonly ip: string | undefined;
}

/** How reading back what a box said during its last outage goes. Times in ms since the Unix epoch by our clock. */
export interface BackfillStatus {
  /**
   * `RUNNING` also while it waits for the link, and again when the box's first events show that its
   * clock was set: then more is read. `INCOMPLETE`: the rest was declared a gap.
   */
  readonly state: 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';
  readonly from: number;
  readonly to: number;
  /** How many events had been missed and are in the journal now. */
  readonly recovered: number;
  /** How many of their pictures were wanted, and could not be had. */
  readonly missingPictures: number;
  /** Why it was given up. */
  readonly error: BoxError | undefined;
}

/** How the link to a box stands, with what was measured on it. Times in ms since the Unix epoch. */
export interface BoxStatus {
  readonly boxId: BoxId;
  readonly link: LinkState;
  /** Since when the link has been up, whether or not events came; undefined while it is not. */
  readonly upSince?: number;
  /**
   * Why the list of devices could not be had, or not all of it, when it was asked for last.
   * Undefined when it was read, and before it was asked for.
   */
  readonly devicesError: BoxError | undefined;
  /** Our clock; undefined before the first event. */
  readonly lastEventAt: number | undefined;
  /**
   * By how much the box's clock is ahead of ours, in whole ms: the median of what its latest
   * events say, each of which is too small by the time that event took to reach us. An
   * estimate, never applied to anything; undefined before the first event.
   */
  readonly clockOffsetMs: number | undefined;
  /** Undefined before the first. */
  readonly backfill: BackfillStatus | undefined;
}

/** What another gateway says of a box that it listens to. */
export interface Elsewhere {
  /** The name of the gateway. */
  readonly gateway: string;
  readonly status: BoxStatus;
}

/**
 * What is known of the fleet, to read. Look-ups by id take constant time; lists are in the
 * order of the configuration, and devices in the order of their box.
 */
export interface Directory {
  readonly sites: readonly Site[];
  site(id: string): Site | undefined;
  readonly boxes: readonly BoxEntry[];
  box(id: string): BoxEntry | undefined;
  /** As the box lists them now; empty for a box that has never answered, or that nobody knows. */
  devices(boxId: BoxId): readonly DeviceEntry[];
  /** The same with those that the box has listed before. */
  knownDevices(boxId: BoxId): readonly DeviceEntry[];
  /**
   * Always answers: what is known of the device, listed or gone, or else just its ids.
   *
   * @throws {RangeError} when the box is not configured.
   */
  device(boxId: BoxId, deviceId: DeviceId): DeviceEntry;
  /**
   * Whom an id means. With a slash: the device with this full id, and none whose box calls it so.
   * Without: every device whose box gave it this id; devices that are gone only when none is listed.
   */
  findDevices(id: string): readonly DeviceEntry[];
  /** When the device was last heard, by our clock. */
  lastEventAt(device: GlobalDeviceId): number | undefined;
  /** @throws {RangeError} when the box is not configured. */
  status(boxId: BoxId): BoxStatus;
  /** The name of the gateway that listens to the box; undefined while nobody does, or nobody knows. */
  gatewayOf(boxId: BoxId): string | undefined;
  /**
   * Told when the state of a link changes, filling in gets on, or asking for the devices ends
   * otherwise than before; not for each event.
   */
  onStatus(listener: (status: BoxStatus) => void): Disposable;
  /** Told when a box's list of devices has come or changed. */
  onDevices(listener: (boxId: BoxId) => void): Disposable;
}
