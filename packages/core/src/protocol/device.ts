import type { DeviceId } from './ids.ts';
import type { JsonObject } from './json.ts';

/** A device as its box lists it. Credentials in the box's record have been removed. */
export interface BoxDevice {
  readonly deviceId: DeviceId;
  readonly name: string | undefined;
  /** The box's word for the kind (`photo`, `rtsp`, `file`, `gb28181`); not an event's device type. */
  readonly kind: string | undefined;
  readonly ip: string | undefined;
  /** The other members of the record, without `device_key` and with no credential in any address. */
  readonly extra: JsonObject;
}
