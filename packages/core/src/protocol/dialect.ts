import type { BoxDevice } from './device.ts';
import type { BoxEvent, PictureSlot, Pictures } from './event.ts';
import type { DeviceId } from './ids.ts';
import type { JsonArray, JsonObject, JsonValue } from './json.ts';
import type { JsonReader } from './json-text.ts';
import type { PictureReference, StoredEvent } from './stored-event.ts';
import type { ReadMembers } from './text-bounds.ts';

/** Which pictures a box is asked to send with its events. */
export interface PictureDemand {
  /** The live face and the scene (`need_face`). Default false. */
  readonly live: boolean;
  /** The enrolled picture, on a match (`need_register`). Default false. */
  readonly registered: boolean;
}

/** What a box is asked to send on its event connection. */
export interface Configuration {
  /** No device: no events [assumed]. */
  readonly devices: readonly DeviceId[];
  readonly demand: PictureDemand;
}

/** The members of an event that hold pictures, as a tree from the event down. */
export interface PictureMembers {
  readonly [member: string]: PictureSlot | PictureMembers;
}

/** One HTTP request to a box. */
export interface BoxRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON; undefined where there is no body. */
  readonly body: string | undefined;
}

/** Which of its stored events a box is asked for. */
export interface StoredPage {
  /** Bounds by the box's clock, both included, in ms since the Unix epoch. A box may round them outwards. */
  readonly from: number;
  readonly to: number;
  /** From 0. */
  readonly page: number;
  readonly perPage: number;
}

/** What a box answered to a question for a page. */
export interface StoredRecords {
  readonly records: JsonArray;
  /** How many there are on all pages; undefined when the box does not say. */
  readonly total: number | undefined;
}

/** The part of a dialect that speaks of what a box has stored. */
export interface StoredDialect {
  readonly request: (page: StoredPage) => BoxRequest;
  /** @throws {BoxError} PROTOCOL when there are no records where they should be. */
  readonly records: (answer: JsonValue) => StoredRecords;
  /** What tells a record from all others of its box; undefined when it has no such member. */
  readonly idOf: (record: JsonObject) => string | undefined;
  /** What `readEvent` reads. */
  readonly eventMembers: ReadMembers;
  /**
   * A record without biometric templates and credentials.
   * @throws {BoxError} INVALID_EVENT, with the field, when it can't be an event.
   */
  readonly readEvent: (record: JsonObject) => StoredEvent;
  readonly pictureRequest: (picture: PictureReference) => BoxRequest;
  /** The codes of the error envelope which say that a box has no such endpoint, or no such thing. */
  readonly absentCodes: ReadonlySet<string>;
}

/**
 * The names that boxes of one kind of firmware use on the wire. All that knows them is a
 * dialect; what reads bytes, and what comes of them, is the same for all.
 */
export interface Dialect {
  /** The text message that makes a box send events; it replaces an earlier one. */
  readonly encodeConfiguration: (configuration: Configuration) => string;
  /** Reads what a box says, in UTF-8. It knows which members hold names. */
  readonly readJson: JsonReader;
  readonly pictureMembers: PictureMembers;
  /** What `readEvent` reads, without the pictures: all that is kept of an event that is too long. */
  readonly eventMembers: ReadMembers;
  /**
   * An event without its pictures, which come beside it: whatever `wire` still has under the
   * names in `pictureMembers` is left alone.
   * @throws {BoxError} INVALID_EVENT, with the field, when it can't be an event.
   */
  readonly readEvent: (wire: JsonObject, pictures: Pictures) => BoxEvent;
  /** Asks a box for its devices. */
  readonly devicesRequest: BoxRequest;
  /**
   * The records in the answer to `devicesRequest`.
   * @throws {BoxError} PROTOCOL when there are none where they should be.
   */
  readonly deviceRecords: (answer: JsonValue) => JsonArray;
  /** What `readDevice` reads. */
  readonly deviceMembers: ReadMembers;
  /**
   * One record, which holds no credentials any more.
   * @throws {BoxError} PROTOCOL, with the field, when it is not a device.
   */
  readonly readDevice: (record: JsonObject) => BoxDevice;
  readonly stored: StoredDialect;
}
