import { isDeepStrictEqual } from 'node:util';
import type { BoxDevice } from '../protocol/device.ts';
import type { DeviceChange } from './observer.ts';

const byId = (devices: readonly BoxDevice[]) =>
  new Map(devices.map((device) => [device.deviceId, device]));

/**
 * What changed from one list to the next: undefined when nothing did, in whatever order they
 * are. A first list is a change even when it is empty. A device whose record is not what it
 * was is neither added nor removed.
 */
export function deviceChange(
  previous: readonly BoxDevice[] | undefined,
  devices: readonly BoxDevice[],
): DeviceChange | undefined {
  const before = byId(previous ?? []);
  const now = byId(devices);
  if (previous !== undefined && isDeepStrictEqual(before, now)) return undefined;
  return {
    devices,
    added: devices.filter(({ deviceId }) => !before.has(deviceId)),
    removed: [...before.values()].filter(({ deviceId }) => !now.has(deviceId)),
  };
}
