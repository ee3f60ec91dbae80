import { toDeviceId } from '@se5/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { globalDeviceId } from '../../src/fleet/directory.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import { WallTime } from '../../src/fleet/wall-time.ts';
import { InstantClock } from '../support/instant-clock.ts';
import { boxConfig, boxDevice, boxEvent, boxId, siteConfig } from '../support/recognitions.ts';

const lobby = boxId('hq-lobby');
const gate = boxId('hq-gate');
const plant = boxId('plant-1');
const list = (...ids: string[]) => ids.map(boxDevice);

describe('the directory of the fleet', () => {
  const wallTime = new WallTime(new InstantClock(200, 1_000));
  let directory: FleetDirectory;
  const idsOf = (id: string) => directory.findDevices(id).map((device) => device.id);

  beforeEach(() => {
    directory = new FleetDirectory(
      [
        siteConfig('hq', [boxConfig({ id: lobby }), boxConfig({ id: gate })]),
        siteConfig('plant', [boxConfig({ id: plant })]),
      ],
      wallTime,
    );
  });

  it('has sites and boxes in the order of the configuration, and by id', () => {
    expect(directory.sites.map(({ id }) => id)).toEqual(['hq', 'plant']);
    expect(directory.boxes.map(({ id }) => id)).toEqual([lobby, gate, plant]);
    expect(directory.box('plant-1')).toEqual({ id: plant, name: 'Box plant-1', siteId: 'plant' });
    expect(directory.site('plant')?.name).toBe('Site plant');
    expect([directory.site('moon'), directory.box('moon')]).toEqual([undefined, undefined]);
  });

  it('has the devices of a box as it lists them now', () => {
    expect(directory.devices(lobby)).toEqual([]);
    directory.list(lobby, list('a', 'b'));
    directory.list(lobby, list('c', 'b'));
    expect(directory.devices(lobby).map(({ deviceId }) => deviceId)).toEqual(['c', 'b']);
    expect(directory.devices(lobby)[0]).toEqual({
      id: 'hq-lobby/c',
      boxId: lobby,
      siteId: 'hq',
      deviceId: 'c',
      name: 'Device c',
      kind: 'photo',
      ip: undefined,
    });
    expect(directory.devices(gate)).toEqual([]);
  });

  it('finds a device by its full id, and by the id that its box gave it on every box that has it', () => {
    directory.list(lobby, list('a', 'b'));
    directory.list(plant, list('a'));
    expect(idsOf('hq-lobby/a')).toEqual(['hq-lobby/a']);
    expect(idsOf('a')).toEqual(['hq-lobby/a', 'plant-1/a']);
    expect(idsOf('b')).toEqual(['hq-lobby/b']);
    for (const unknown of ['c', 'hq-gate/a', 'moon/a', '', '/', '/a', 'hq-lobby/']) {
      expect(idsOf(unknown)).toEqual([]);
    }
  });

  it('finds devices whose own id holds a slash by their full id alone', () => {
    directory.list(lobby, list('east/1'));
    directory.list(gate, list('hq-lobby/east/1', 'hq-lobby/a'));
    expect(idsOf('hq-gate/hq-lobby/east/1')).toEqual(['hq-gate/hq-lobby/east/1']);
    expect(idsOf('hq-lobby/east/1')).toEqual(['hq-lobby/east/1']);
    expect(idsOf('east/1')).toEqual([]);
    // What one box calls its device is not taken for another box's.
    expect(idsOf('hq-lobby/a')).toEqual([]);
  });

  it('still knows a device that is gone', () => {
    directory.list(lobby, list('a', 'b'));
    directory.list(lobby, list('b'));
    expect(directory.devices(lobby).map(({ id }) => id)).toEqual(['hq-lobby/b']);
    expect(directory.knownDevices(lobby).map(({ id }) => id)).toEqual(['hq-lobby/b', 'hq-lobby/a']);
    expect(directory.device(lobby, toDeviceId('a')).name).toBe('Device a');
    expect(idsOf('hq-lobby/a')).toEqual(['hq-lobby/a']);
    expect(idsOf('a')).toEqual(['hq-lobby/a']);
  });

  it('finds a device that moved to another box only there', () => {
    directory.list(lobby, list('a'));
    directory.list(lobby, []);
    directory.list(gate, list('a'));
    expect(idsOf('a')).toEqual(['hq-gate/a']);
    directory.list(lobby, list('a'));
    expect(idsOf('a').toSorted()).toEqual(['hq-gate/a', 'hq-lobby/a']);
  });

  it('forgets the longest gone above a thousand for a box', () => {
    const many = Array.from({ length: 1_001 }, (_, i) => `gone-${i}`);
    directory.list(lobby, list(...many));
    directory.heard(lobby, boxEvent({ deviceId: toDeviceId('gone-0') }), 5_000, 1);
    directory.list(lobby, []);
    expect(directory.knownDevices(lobby)).toHaveLength(1_000);
    expect(idsOf('gone-0')).toEqual([]);
    expect(directory.lastEventAt('hq-lobby/gone-0')).toBeUndefined();
    expect(idsOf('gone-1')).toEqual(['hq-lobby/gone-1']);
  });

  it('answers for a device that nobody has listed with its ids', () => {
    expect(directory.device(lobby, toDeviceId('x'))).toEqual({
      id: 'hq-lobby/x',
      boxId: lobby,
      siteId: 'hq',
      deviceId: 'x',
      name: undefined,
      kind: undefined,
      ip: undefined,
    });
    expect(() => directory.device(boxId('moon'), toDeviceId('x'))).toThrow(RangeError);
  });

  it('knows when a box and each of its devices was heard, and how its clock stands', () => {
    directory.list(lobby, list('a', 'b'));
    const a = toDeviceId('a');
    const instant = 5_000 - wallTime.originMs;
    directory.heard(lobby, boxEvent({ deviceId: a, occurredAt: 4_900 }), 5_000, instant);
    expect(directory.lastEventAt(globalDeviceId(lobby, a))).toBe(5_000);
    expect(directory.lastEventAt('hq-lobby/b')).toBeUndefined();
    expect(directory.lastEventAt('moon/a')).toBeUndefined();
    expect(directory.status(lobby)).toMatchObject({ lastEventAt: 5_000, clockOffsetMs: -100 });
    expect(directory.status(gate)).toMatchObject({
      boxId: gate,
      link: { name: 'STOPPED' },
      lastEventAt: undefined,
      clockOffsetMs: undefined,
    });
  });

  it('tells of a link that changed and of devices that came, but not of events', () => {
    const told: unknown[] = [];
    using _status = directory.onStatus(({ boxId, link }) => told.push([boxId, link.name]));
    using _devices = directory.onDevices((id) => told.push([id, directory.devices(id).length]));
    directory.linked(lobby, { name: 'LIVE', since: 1 });
    directory.list(lobby, list('a', 'b'));
    directory.heard(lobby, boxEvent(), 2, 2);
    expect(told).toEqual([
      [lobby, 'LIVE'],
      [lobby, 2],
    ]);
  });
});
