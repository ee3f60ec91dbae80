import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceChange } from '../../src/box/device-change.ts';
import type { BoxDevice } from '../../src/protocol/device.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';

const device = (id: string, name?: string): BoxDevice => ({
  deviceId: toDeviceId(id),
  name,
  kind: 'photo',
  ip: undefined,
  extra: { group_id: 'default' },
});

const gate = device('gate');
const lift = device('lift');

describe('deviceChange', () => {
  it('takes the first list for a change, with all devices added', () => {
    expect(deviceChange(undefined, [gate, lift])).toEqual({
      devices: [gate, lift],
      added: [gate, lift],
      removed: [],
    });
  });

  it('takes a first list without devices for a change', () => {
    expect(deviceChange(undefined, [])).toEqual({ devices: [], added: [], removed: [] });
  });

  it('names what was added and what was removed', () => {
    expect(deviceChange([gate], [lift])).toEqual({
      devices: [lift],
      added: [lift],
      removed: [gate],
    });
  });

  it('tells a device that has another name, neither added nor removed', () => {
    const renamed = device('gate', 'North gate');
    expect(deviceChange([gate], [renamed])).toEqual({
      devices: [renamed],
      added: [],
      removed: [],
    });
  });

  it('is nothing for the same devices in any order', () => {
    const devices = fc
      .uniqueArray(fc.string({ minLength: 1 }))
      .map((ids) => ids.map((id) => device(id)));
    const shuffled = devices.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([before, now]) => {
        expect(deviceChange(before, structuredClone(now))).toBeUndefined();
      }),
    );
  });
});
