import { MAX_DEPTH, nestsDeeperThan } from './depth.ts';
import type { BoxDevice } from './device.ts';
import type { Dialect } from './dialect.ts';
import { BoxError } from './errors.ts';
import type { DeviceId } from './ids.ts';
import type { JsonValue } from './json.ts';
import { redactDevice } from './redact.ts';

export interface DeviceList {
  /** In the box's order; of records with the same id, the first. */
  readonly devices: readonly BoxDevice[];
  /** Why records were left out: PROTOCOL, with the field. They don't spoil the list. */
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
  for (const [index, record] of dialect.deviceRecords(answer).entries()) {
    try {
      const device = readDevice(record, dialect);
      if (!devices.has(device.deviceId)) devices.set(device.deviceId, device);
    } catch (error) {
      if (!(error instanceof BoxError)) throw error;
      skipped.push(
        new BoxError(error.code, `Device ${index} of the list: ${error.message}`, error.detail),
      );
    }
  }
  return { devices: [...devices.values()], skipped };
}

function readDevice(record: JsonValue, dialect: Dialect): BoxDevice {
  if (nestsDeeperThan(record, MAX_DEPTH)) {
    throw new BoxError('PROTOCOL', `the record nests deeper than ${MAX_DEPTH} levels`);
  }
  return dialect.readDevice(redactDevice(record));
}
