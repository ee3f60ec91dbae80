import type { BoxDevice } from './device.ts';
import type { BoxEvent, PictureSlot, Pictures } from './event.ts';
import type { DeviceId } from './ids.ts';
import type { JsonArray, JsonObject, JsonValue } from './json.ts';

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

/**
 * The names that boxes of one kind of firmware use on the wire. All that knows them is a
 * dialect; what reads bytes, and what comes of them, is the same for all.
 */
export interface Dialect {
  /** The text message that makes a box send events; it replaces an earlier one. */
  readonly encodeConfiguration: (configuration: Configuration) => string;
  readonly pictureMembers: PictureMembers;
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
  /**
   * One record, which holds no credentials any more.
   * @throws {BoxError} PROTOCOL, with the field, when it is not a device.
   */
  readonly readDevice: (record: JsonObject) => BoxDevice;
}
