import { expect, it } from 'vitest';
import { HeardDevices, MAX_HEARD_DEVICES } from '../../src/fleet/heard-devices.ts';

const DAY_MS = 86_400_000;

it('takes a thousand devices of a box, and another only for one that was not heard for a day', () => {
  const devices = new HeardDevices();
  for (let id = 0; id < MAX_HEARD_DEVICES; id += 1) {
    expect(devices.admits(`device-${id}`, id)).toBe(true);
  }
  expect(devices.admits('one more', DAY_MS - 1)).toBe(false);
  expect(devices.admits('device-0', DAY_MS)).toBe(true);
  // The longest not heard is the second now.
  expect(devices.admits('one more', DAY_MS)).toBe(false);
  expect(devices.admits('one more', DAY_MS + 1)).toBe(true);
  expect(devices.admits('device-1', DAY_MS + 1)).toBe(false);
});
