import { z } from 'zod';
import type { BoxDevice } from '../device.ts';
import type { BoxRequest } from '../dialect.ts';
import { BoxError } from '../errors.ts';
import { toDeviceId } from '../ids.ts';
import { type JsonArray, type JsonObject, type JsonValue, kindOf, omit } from '../json.ts';
import { checkIds, type ReadMembers } from '../text-bounds.ts';
import { nonEmptyName, nonEmptyText } from '../wire.ts';

/** [seed] */
export const devicesRequest: BoxRequest = {
  method: 'GET',
  path: '/SophonDevice/api/Devices',
  body: undefined,
};

/** `{"data":{"devices_list":[…]}}` [seed]; a list that is `null` is an empty one [assumed]. */
const answerSchema = z.object({
  data: z.object({ devices_list: z.array(z.custom<JsonValue>()).nullable() }),
});

/** `device_id` [seed], the others [vendor]. */
const deviceSchema = z.object({
  device_id: nonEmptyText,
  device_name: nonEmptyName,
  device_type: nonEmptyName,
  device_ip: nonEmptyName,
});

const DEVICE_MEMBERS = new Set(Object.keys(deviceSchema.shape));

export const deviceMembers: ReadMembers = Object.fromEntries(
  Object.keys(deviceSchema.shape).map((member) => [member, true]),
);

/** @throws {BoxError} PROTOCOL when the answer has no list of devices. */
export function deviceRecords(answer: JsonValue): JsonArray {
  const { data: list } = answerSchema.safeParse(answer);
  if (list) return list.data.devices_list ?? [];
  throw new BoxError(
    'PROTOCOL',
    'The answer has no array at data.devices_list; check that this is the API of a box of the dialect v5',
    { field: 'data.devices_list' },
  );
}

/** @throws {BoxError} PROTOCOL when the record has no id. */
export function readDevice(record: JsonObject): BoxDevice {
  const device = deviceSchema.parse(record);
  if (device.device_id === undefined) {
    const found = kindOf(record['device_id']);
    throw new BoxError('PROTOCOL', `device_id: found ${found}, expected the id of a device`, {
      field: 'device_id',
    });
  }
  checkIds({ device_id: device.device_id }, 'PROTOCOL');
  return {
    deviceId: toDeviceId(device.device_id),
    name: device.device_name,
    kind: device.device_type,
    ip: device.device_ip,
    extra: omit(record, DEVICE_MEMBERS),
  };
}
