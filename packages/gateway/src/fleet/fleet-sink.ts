import type { BoxEvent, Pictures, StoredEvent } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { NotedTime } from '../noted-time.ts';

/** What the journal has of a box. */
export interface KnownEvents {
  /** The newest of those that came live; ms since the Unix epoch, by the box's clock and ours. */
  readonly newest: { readonly occurredAt: number; readonly receivedAt: number } | undefined;
  /** By how much the box's clock was ahead of ours, in ms, as the newest that came live say: some hundreds. */
  readonly offsets: readonly number[];
  /** When the oldest of all occurred, by the box's clock. */
  readonly oldestAt: number | undefined;
  /**
   * Another gateway heard the box up to this time, in ms since the Unix epoch, after `settledTo` was
   * asked. Left out: none did.
   */
  readonly heardTo?: number | undefined;
  /**
   * Another gateway heard all that the box said up to this instant, and for longer, and put it into
   * the journal. Left out: that is not known of any.
   */
  readonly handedAt?: number | undefined;
}

/** All that a box has stored of a span. Times by the box's clock, in ms since the Unix epoch. */
export interface StoredSpan {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** In the order of time. */
  readonly events: readonly StoredEvent[];
  /** Events from here on may have come live too, or still come. */
  readonly liveFrom: number;
  /** Those that are wanted and can be had; never rejects. */
  readonly pictures: (event: StoredEvent) => Promise<Pictures>;
}

/** Takes one span after the other, without an overlap; best in the order of time. */
export interface FillInSink {
  /** @returns how many of the events had been missed, and are in the journal now. */
  take(span: StoredSpan): Promise<number>;
}

/** An event that is on its way into the journal. */
export interface UnderWay {
  /** What it takes in memory meanwhile. */
  readonly bytes: number;
  /** Resolves when it has arrived, or is given up; never rejects. */
  readonly taken: Promise<void>;
}

/** Where the fleet puts what the boxes say, synchronously and per box in the order it was said. */
export interface FleetSink {
  /**
   * `receivedAt`: ms since the Unix epoch by our clock; `instant`: the same by its elapsed time.
   *
   * @returns undefined when the event needs no room here.
   */
  event(boxId: BoxId, event: BoxEvent, receivedAt: number, instant: number): UnderWay | undefined;
  /**
   * What the box said in this span can't be had: it was out of reach, and could not be asked for
   * it later. ms since the Unix epoch by our clock. The spans of one box do not overlap.
   */
  outage(boxId: BoxId, from: number, to: number): void;
  /**
   * Up to this time, all that the box said has been put here, or an outage.
   */
  settled(boxId: BoxId, to: NotedTime): void;
  /** What was told last of it, also by an earlier process; undefined of a box that is new. */
  settledTo(boxId: BoxId): NotedTime | undefined;
  /**
   * What is looked up is what was known at the time of the call.
   *
   * @param before Of live events only those received until then; ms since the Unix epoch by our
   *   clock. Undefined: all.
   */
  known(boxId: BoxId, before: number | undefined): Promise<KnownEvents>;
  /** What the box has stored follows. */
  fillIn(boxId: BoxId): FillInSink;
}
