import type { DeviceId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { Picture } from './picture.ts';

/** Whom the box took the face for. Anything that the protocol does not name is UNKNOWN. */
export type PersonType = 'EMPLOYEE' | 'VISITOR' | 'BLACKLIST' | 'STRANGER' | 'VIP' | 'UNKNOWN';

/** What kind of device saw the face. Anything that the protocol does not name is UNKNOWN. */
export type EventDeviceType =
  | 'GATE'
  | 'CAPTURE'
  | 'IPC_STILL'
  | 'IPC_MOVING'
  | 'ACCESS_CONTROL'
  | 'UNKNOWN';

/** The pictures of one event; a slot is absent when the box sent none. */
export interface Pictures {
  /** The face as cut out of the scene. */
  readonly face?: Picture;
  /** The whole scene; never sent in greeting mode. */
  readonly scene?: Picture;
  /** The enrolled picture, on a match. */
  readonly registered?: Picture;
}

export type PictureSlot = keyof Pictures;

/** What stands where a picture should be, and is none. */
export interface SpoiltPicture {
  readonly slot: PictureSlot;
  /**
   * `format`: something else than a picture. In a live event, it is base64 and kept as it is; a
   * stored one is left out. `base64`: no base64, or no text, which is left out.
   */
  readonly reason: 'format' | 'base64';
  /** Of what was sent: decoded for `format`, as text for `base64`; 0 of what nests too deep. */
  readonly bytes: number;
}

/** One recognition, as one box tells it: the wire's names and quirks are gone, nothing else. */
export interface BoxEvent {
  /** The device of this box that saw the face. */
  readonly deviceId: DeviceId;
  /** The box's own number for the event, where the firmware sends one. It may restart. */
  readonly eventId: string | undefined;
  /** By the box's clock, whole ms since the Unix epoch. */
  readonly occurredAt: number;
  /** `""` for a stranger. */
  readonly identityId: string;
  /** May be `""` or `"stranger"`. */
  readonly identityName: string;
  /** The group's name, or its id when it has none. */
  readonly groupName: string;
  /** The enrolment record on a match, `{}` for a stranger. */
  readonly identityInfo: JsonObject;
  readonly personType: PersonType;
  /** As sent: 0 to 1, or 0 to 100 on some firmware; 0 when it was not sent. */
  readonly score: number;
  readonly deviceType: EventDeviceType;
  readonly deviceIp: string | undefined;
  readonly pictures: Pictures;
  /**
   * What the message said beyond the fields above: unknown members of `ext_data`, then of the
   * event itself, as `event.<name>` where `ext_data` has one of that name too.
   */
  readonly extra: JsonObject;
}
