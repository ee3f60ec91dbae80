import type { BoxDevice, DeviceId, LinkState } from '@se5/core';
import type { BoxConfig, SiteConfig } from '../config/config.ts';
import type { BoxId, SiteId } from '../config/ids.ts';

/** `<box id>/<device id>`: unique over all boxes. */
export type GlobalDeviceId = `${string}/${string}`;

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

/** How the link to a box stands, with what was measured on it. Times in ms since the Unix epoch. */
export interface BoxStatus {
  readonly boxId: BoxId;
  readonly link: LinkState;
  readonly lastEventAt: number | undefined;
  /** Box's clock minus ours, smoothed; undefined before the first event. */
  readonly clockOffsetMs: number | undefined;
}

export type { BoxConfig, BoxDevice, SiteConfig };
