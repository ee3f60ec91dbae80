import type { BoxError, BoxEvent, LinkState } from '@se5/core';
import type { BoxId } from '../config/ids.ts';

/** Where the fleet puts what the boxes say, synchronously and per box in the order it was said. */
export interface FleetSink {
  /** `receivedAt`: ms since the Unix epoch by our clock. */
  event(boxId: BoxId, event: BoxEvent, receivedAt: number): void;
  /**
   * The box was out of reach from its last sign of life until it was live again; ms since the
   * Unix epoch by our clock. Told before anything that the box says afterwards.
   */
  outage(boxId: BoxId, from: number, to: number): void;
  link(boxId: BoxId, state: LinkState, previous: LinkState): void;
  /** A message that could not be read was skipped. */
  unreadable(boxId: BoxId, error: BoxError): void;
  /** The devices could not be had; the last known list stays in force. */
  devicesFailed(boxId: BoxId, error: BoxError): void;
  /** Something of ours threw `error` while it was told of this box. */
  fault(boxId: BoxId, error: unknown): void;
}
