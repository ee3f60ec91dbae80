import type { BoxDevice } from './device.ts';
import type { Dialect } from './dialect.ts';
import { BoxError } from './errors.ts';
import type { DeviceId } from './ids.ts';
import { isObject, type JsonValue, kindOf } from './json.ts';
import { redactDevice } from './redact.ts';
import { boundText, textBytes } from './text-bounds.ts';

/** What a box may list; the others are left out. */
export const MAX_DEVICES = 1_000;

/** Of the records that are left out, so many are told one by one. */
const MAX_SKIPPED = 10;

export interface DeviceList {
  /** In the box's order; of records with the same id, the first. */
  readonly devices: readonly BoxDevice[];
  /** Why records were left out: PROTOCOL, with the field where it is one. They don't spoil the list. */
  readonly skipped: readonly BoxError[];
}

/**
 * Reads the answer to `dialect.devicesRequest`. No credential of a record is in what comes of it.
 *
 * @throws {BoxError} PROTOCOL when the answer is not a device list at all.
 */
export function readDevices(answer: JsonValue, dialect: Dialect): DeviceList {
  const devices = new Map<DeviceId, BoxDevice>();
  const skipped: BoxError[] = [];
  const records = dialect.deviceRecords(answer);
  for (const [index, record] of records.entries()) {
    if (devices.size === MAX_DEVICES || skipped.length === MAX_SKIPPED) {
      skipped.push(leftOut(index, records.length));
      break;
    }
    try {
      const device = readDevice(record, dialect);
      if (!devices.has(device.deviceId)) devices.set(device.deviceId, device);
    } catch (error) {
      if (!(error instanceof BoxError)) throw error;
      const message = `Device ${index} of the list was dropped: ${error.message}`;
      skipped.push(new BoxError(error.code, message, error.detail));
    }
  }
  return { devices: [...devices.values()], skipped };
}

const leftOut = (read: number, records: number): BoxError =>
  new BoxError(
    'PROTOCOL',
    `The list has ${records} devices; those after the first ${read} are ignored: ` +
      `at most ${MAX_DEVICES} are listened to, and ${MAX_SKIPPED} may be unreadable`,
  );

function readDevice(record: JsonValue, dialect: Dialect): BoxDevice {
  if (isObject(record)) {
    const kept = redactDevice(record);
    return dialect.readDevice(boundText(kept, textBytes(kept), dialect.deviceMembers));
  }
  throw new BoxError('PROTOCOL', `found ${kindOf(record)}, expected an object`);
}
