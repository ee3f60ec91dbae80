import type { JsonObject } from './json.ts';
import { Random } from './random.ts';

/** A device of a simulated box, as its list and its events tell of it. */
export interface SimulatedDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly ip: string;
  /** The list's word for the kind: `photo`, `rtsp`, `file`, `gb28181`. */
  readonly kind: string;
  /** What its events carry as `ext_data.device_type`: `0` gate, `1` capture camera, `3` IPC
   *  (moving), `4` access control. */
  readonly eventType: string;
  /** An RTSP address with a made-up user and password, so that a leak of it can be tested for. */
  readonly key: string;
  readonly groupId: string;
}

interface Place {
  readonly name: string;
  readonly kind: string;
  readonly eventType: string;
}

const PLACES: readonly Place[] = [
  { name: 'Lobby gate 1', kind: 'photo', eventType: '0' },
  { name: 'Lobby gate 2', kind: 'photo', eventType: '0' },
  { name: 'Reception camera', kind: 'rtsp', eventType: '1' },
  { name: 'North stairs camera', kind: 'rtsp', eventType: '3' },
  { name: 'Server room door', kind: 'photo', eventType: '4' },
  { name: 'Car park barrier', kind: 'rtsp', eventType: '1' },
  { name: 'Canteen entrance', kind: 'rtsp', eventType: '3' },
  { name: 'East turnstile', kind: 'photo', eventType: '0' },
  { name: 'West turnstile', kind: 'photo', eventType: '0' },
  { name: 'Loading dock camera', kind: 'rtsp', eventType: '3' },
  { name: 'Meeting floor door', kind: 'photo', eventType: '4' },
  { name: 'Visitor desk camera', kind: 'rtsp', eventType: '1' },
];

/** Makes devices as one seed has them: the same ids, names and addresses in the same order. */
export class DeviceFactory {
  readonly #random: Random;
  readonly #subnet: string;
  readonly #start: number;
  #made = 0;

  constructor(seed: number) {
    this.#random = new Random(seed, 'devices');
    this.#subnet = `192.168.${1 + this.#random.below(250)}`;
    this.#start = this.#random.below(PLACES.length);
  }

  make(given: Partial<SimulatedDevice> = {}): SimulatedDevice {
    const position = this.#start + this.#made;
    const place = PLACES[position % PLACES.length];
    if (place === undefined) throw new RangeError('There are no places to put a device');
    const storey = Math.floor(this.#made / PLACES.length);
    this.#made += 1;
    const ip = given.ip ?? `${this.#subnet}.${20 + (this.#made % 200)}`;
    return {
      deviceId: this.#random.uuid(),
      name: storey === 0 ? place.name : `${place.name}, storey ${storey + 1}`,
      ip,
      kind: place.kind,
      eventType: place.eventType,
      key: `rtsp://operator:${this.#random.hex(12)}@${ip}:554/Streaming/Channels/101`,
      groupId: this.#random.uuid(),
      ...given,
    };
  }
}

/** The device as `GET /SophonDevice/api/Devices` lists it: `device_id` is [seed], the rest [vendor]. */
export const deviceRecord = (device: SimulatedDevice): JsonObject => ({
  device_id: device.deviceId,
  device_name: device.name,
  device_ip: device.ip,
  device_key: device.key,
  device_type: device.kind,
  group_id: device.groupId,
  permission_id: '',
  device_attr: { actions: { do_detect: true, do_match: true } },
  netRelay: {},
});
