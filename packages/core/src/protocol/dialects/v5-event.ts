import { z } from 'zod';
import { BoxError } from '../errors.ts';
import type { BoxEvent, EventDeviceType, PersonType, Pictures } from '../event.ts';
import { toDeviceId } from '../ids.ts';
import { isObject, type JsonObject, type JsonValue, kindOf } from '../json.ts';
import { redactEvent } from '../redact.ts';
import { checkIds, type ReadMembers } from '../text-bounds.ts';
import { anything, instant, name, nonEmptyName, nonEmptyText, numeric } from '../wire.ts';
import { DEFAULT_SCORE, personShape, personTypeOr } from './v5-person.ts';

/** Of an event without `ext_data.person_type` [seed]. */
const DEFAULT_PERSON_TYPE: PersonType = 'EMPLOYEE';

/** `ext_data.device_type` [seed]; 2 [vendor]. */
const DEVICE_TYPES: ReadonlyMap<number | undefined, EventDeviceType> = new Map([
  [0, 'GATE'],
  [1, 'CAPTURE'],
  [2, 'IPC_STILL'],
  [3, 'IPC_MOVING'],
  [4, 'ACCESS_CONTROL'],
]);

const eventSchema = z.object({
  device_id: nonEmptyText,
  video_id: nonEmptyText,
  event_id: nonEmptyText,
  timestamp: instant,
  ...personShape,
  group_name: name,
  reg_pic: anything,
  ext_data: anything,
});

const extDataSchema = z.object({
  device_ip: nonEmptyName,
  person_type: personTypeOr(DEFAULT_PERSON_TYPE),
  device_type: numeric.transform((code) => DEVICE_TYPES.get(code) ?? 'UNKNOWN'),
  recognize_face: anything,
  spot_pic: anything,
});

const EVENT_MEMBERS = new Set(Object.keys(eventSchema.shape));
const EXT_DATA_MEMBERS = new Set(Object.keys(extDataSchema.shape));

export const eventMembers: ReadMembers = {
  device_id: true,
  video_id: true,
  event_id: true,
  timestamp: true,
  identity_id: true,
  identity_name: true,
  group_name: true,
  identity_info: true,
  score: true,
  ext_data: { device_ip: true, person_type: true, device_type: true },
};

/** In the place of an `ext_data` that is no object [assumed]: whom it would name is not known. */
const UNREADABLE_EXT_DATA: JsonObject = { person_type: null };

/** Before the name of an unknown member of an event that `ext_data` has too [assumed]. */
const EVENT_PREFIX = 'event.';

/** @throws {BoxError} INVALID_EVENT when it doesn't say which device saw somebody, or when. */
export function readEvent(wire: JsonObject, pictures: Pictures): BoxEvent {
  const event = eventSchema.parse(wire);
  const { device_id, video_id, event_id, identity_id } = event;
  const [field, deviceId] = device_id ? ['device_id', device_id] : ['video_id', video_id];
  checkIds({ [field]: deviceId, event_id, identity_id }, 'INVALID_EVENT');
  if (deviceId === undefined) {
    throw invalid(wire, 'device_id', "a device's id, there or as video_id");
  }
  if (event.timestamp === undefined) {
    throw invalid(wire, 'timestamp', 'a time since the Unix epoch, within what a Date can hold');
  }
  const members = event.ext_data ?? {};
  const extData = isObject(members) ? members : UNREADABLE_EXT_DATA;
  const ext = extDataSchema.parse(extData);
  return {
    deviceId: toDeviceId(deviceId),
    eventId: event_id,
    occurredAt: event.timestamp,
    identityId: identity_id ?? '',
    identityName: event.identity_name ?? '',
    groupName: event.group_name ?? '',
    identityInfo: redactEvent(event.identity_info ?? {}),
    personType: ext.person_type,
    score: event.score ?? DEFAULT_SCORE,
    deviceType: ext.device_type,
    deviceIp: ext.device_ip,
    pictures,
    extra: mergeExtra(redactEvent(extData, EXT_DATA_MEMBERS), redactEvent(wire, EVENT_MEMBERS)),
  };
}

const invalid = (wire: JsonObject, field: keyof typeof eventSchema.shape, expected: string) =>
  new BoxError('INVALID_EVENT', `${field}: found ${kindOf(wire[field])}, expected ${expected}`, {
    field,
  });

/** Nothing is lost: a member whose name is taken gets the prefix, again until its name is free. */
export function mergeExtra(extData: JsonObject, event: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...extData };
  for (const [name, value] of Object.entries(event)) {
    let free = name;
    while (Object.hasOwn(merged, free)) free = EVENT_PREFIX + free;
    merged[free] = value;
  }
  return merged;
}
