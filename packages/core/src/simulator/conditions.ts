/**
 * How the device list fails.
 *
 * - `status`: HTTP 500 with no body worth reading.
 * - `envelope`: the vendor's error envelope.
 * - `not-json`: 200 with a page of HTML.
 * - `unanswered`: the request is read, and nothing is ever said.
 * - `huge`: a valid list padded to 64 MiB.
 */
export type DeviceListFault = 'status' | 'envelope' | 'not-json' | 'unanswered' | 'huge';

/** What is wrong with the box now. Whoever does a step asks here how it goes wrong. */
export interface Conditions {
  silent: boolean;
  ignorePings: boolean;
  duplicate: boolean;
  outOfOrder: boolean;
  /** Events trickle at this pace; undefined: as fast as the network takes them. */
  bytesPerSecond: number | undefined;
  /** By how much the box's clock is ahead of ours, in ms. */
  clockOffsetMs: number;
  deviceList: DeviceListFault | undefined;
}

export const healthy = (clockOffsetMs: number): Conditions => ({
  silent: false,
  ignorePings: false,
  duplicate: false,
  outOfOrder: false,
  bytesPerSecond: undefined,
  clockOffsetMs,
  deviceList: undefined,
});
