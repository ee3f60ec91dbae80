import type { Conditions } from './conditions.ts';
import type { SimulatedDevice } from './devices.ts';
import type { JsonObject } from './json.ts';
import type { Portrait } from './portraits.ts';
import type { World } from './world.ts';

/** What a box tells of one face: the content of an event, before it is put on the wire. */
export interface Recognition {
  readonly deviceId: string;
  /** By the box's clock, ms since the Unix epoch. */
  readonly timestamp: number;
  /** `""` for a stranger. */
  readonly identityId: string;
  readonly identityName: string;
  readonly groupName: string;
  /** The enrolment record, `{}` for a stranger. */
  readonly identityInfo: JsonObject;
  /** 1 employee, 2 visitor, 3 blacklist, 4 stranger, 5 VIP. */
  readonly personType: number;
  /** 0 to 1. */
  readonly score: number;
  readonly deviceIp: string;
  /** 0 gate, 1 capture camera, 3 IPC (moving), 4 access control. */
  readonly deviceType: string;
  /** Further members of `ext_data`. */
  readonly extra: JsonObject;
  /** Where one is `""` there is none: a box in greeting mode has no scene. */
  readonly pictures: Portrait;
}

/**
 * What of a recognition is given. The rest is drawn from the seed and fits what is given: of the
 * device with that `deviceId`, of the person enrolled with that `identityId`, of somebody of that
 * `personType`.
 */
export type GivenRecognition = Partial<Omit<Recognition, 'pictures'>> & {
  readonly pictures?: Partial<Portrait>;
};

/** A recognition as it was told. */
export interface SentEvent extends Recognition {
  /** The box's own count, in decimal; begins again at 1 when the box restarts. */
  readonly eventId: string;
  /** To how many connections it went; 0 when nobody listened to its device. */
  readonly connections: number;
}

/** @throws {RangeError} when there is no device. */
export const recognise = (
  world: World,
  devices: readonly SimulatedDevice[],
  { clockOffsetMs }: Readonly<Conditions>,
  given: GivenRecognition,
): Recognition => {
  const { device, subject, score } = world.next(devices, {
    device: devices.find(({ deviceId }) => deviceId === given.deviceId),
    identityId: given.identityId,
    personType: given.personType,
  });
  return {
    deviceId: device.deviceId,
    timestamp: Date.now() + clockOffsetMs,
    identityId: subject.identityId,
    identityName: subject.identityName,
    groupName: subject.groupName,
    identityInfo: subject.identityInfo,
    personType: subject.personType,
    score,
    deviceIp: device.ip,
    deviceType: device.eventType,
    extra: {},
    ...given,
    pictures: { ...subject.portrait, ...given.pictures },
  };
};
