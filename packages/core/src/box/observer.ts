import type { BoxDevice } from '../protocol/device.ts';
import type { BoxError } from '../protocol/errors.ts';
import type { BoxEvent, SpoiltPicture } from '../protocol/event.ts';
import type { DeviceId } from '../protocol/ids.ts';
import type { LinkState } from './link-state.ts';

export interface DeviceChange {
  /** All devices of the box now. */
  readonly devices: readonly BoxDevice[];
  readonly added: readonly BoxDevice[];
  readonly removed: readonly BoxDevice[];
}

/**
 * Who is told what a box says, synchronously and in the order it was said.
 * An observer that throws is reported to `fault` and changes nothing for the box.
 */
export interface BoxObserver {
  /**
   * When the message was complete: `receivedAt` in ms since the Unix epoch by our clock, `instant`
   * by its elapsed time.
   */
  event(event: BoxEvent, receivedAt: number, instant: number): void;
  /** The list came for the first time, or is not what it was. */
  devices(change: DeviceChange): void;
  link(state: LinkState, previous: LinkState): void;
  /** A message that could not be read was skipped. */
  unreadable(error: BoxError): void;
  /** The next event has something that is no picture where a picture should be. */
  spoiltPicture(deviceId: DeviceId, picture: SpoiltPicture): void;
  /**
   * A list of devices was read, whether it is what it was or not.
   *
   * @param skipped Why records of it were left out; empty when none was.
   */
  devicesRead(skipped: readonly BoxError[]): void;
  /** The devices could not be had, and the last known list stays in force. */
  devicesFailed(error: BoxError): void;
  /** Another callback threw `error`. */
  fault(error: unknown): void;
}
