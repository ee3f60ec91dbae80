import type { BoxError, DeviceId, LinkState, SpoiltPicture } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { BackfillStatus } from './directory.ts';

/** Who watches the fleet. Nothing that the fleet does depends on it. */
export interface FleetObserver {
  /** How filling in goes: when it begins, with each step, and at the end. */
  backfill(boxId: BoxId, status: BackfillStatus): void;
  link(boxId: BoxId, state: LinkState, previous: LinkState): void;
  /** A message that could not be read was skipped. */
  unreadable(boxId: BoxId, error: BoxError): void;
  /** Something is no picture where an event should have one; the event itself follows. */
  spoiltPicture(boxId: BoxId, deviceId: DeviceId, picture: SpoiltPicture): void;
  /**
   * The devices could not be had, and the last known list stays in force; or one record of a list
   * could not be read, and was left out.
   */
  devicesFailed(boxId: BoxId, error: BoxError): void;
  /** Something of ours threw `error` while it was told of this box. */
  fault(boxId: BoxId, error: unknown): void;
}
