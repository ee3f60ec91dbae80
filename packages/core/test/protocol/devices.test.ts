import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeviceList, readDevices } from '../../src/protocol/devices.ts';
import type { JsonValue } from '../../src/protocol/json.ts';
import { anyJson } from './json-writers.ts';
import { v5 } from './messages.ts';

const listOf = (...devices_list: JsonValue[]): DeviceList =>
  readDevices({ data: { devices_list } }, v5);

const id = '2c1a6a12-ecf4-4490-a2fc-8d7a5023bfcd';

describe('the device list of a v5 box', () => {
  it('is asked for as the seed says', () => {
    expect(v5.devicesRequest).toEqual({
      method: 'GET',
      path: '/SophonDevice/api/Devices',
      body: undefined,
    });
  });

  it("is read from the seed's sample", () => {
    expect(listOf({ device_id: id, '...': '...' })).toEqual({
      devices: [
        { deviceId: id, name: undefined, kind: undefined, ip: undefined, extra: { '...': '...' } },
      ],
      skipped: [],
    });
  });

  it('keeps the digits of numbers that stand for names', () => {
    const record = '{"device_id":1e2,"device_name":1.10,"device_type":2.0,"device_ip":10.0}';
    const answer = v5.readJson(Buffer.from(`{"data":{"devices_list":[${record}]}}`));
    const [device] = readDevices(answer, v5).devices;
    expect(device).toMatchObject({ deviceId: '1e2', name: '1.10', kind: '2.0', ip: '10.0' });
  });

  it('keeps what the vendor names, and the rest as extra', () => {
    const rest = { group_id: 'g', device_attr: { actions: { do_detect: true } }, netRelay: {} };
    const named = { device_name: 'Gate 1', device_type: 'rtsp', device_ip: '10.0.0.7' };
    expect(listOf({ device_id: id, ...named, ...rest }).devices).toEqual([
      { deviceId: id, name: 'Gate 1', kind: 'rtsp', ip: '10.0.0.7', extra: rest },
    ]);
  });

  it.each([[[]], [null]])('may be empty: %j', (devices_list) => {
    expect(readDevices({ data: { devices_list } }, v5)).toEqual({ devices: [], skipped: [] });
  });

  it('is not spoilt by records that are no devices: they are left out, and told of', () => {
    const { devices, skipped } = listOf(
      { device_id: 'a' },
      'b',
      null,
      { device_id: '' },
      { device_name: 'secret' },
      { device_id: 7 },
    );
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(['a', '7']);
    expect(skipped.map(({ code, detail }) => [code, detail.field])).toEqual([
      ['PROTOCOL', undefined],
      ['PROTOCOL', undefined],
      ['PROTOCOL', 'device_id'],
      ['PROTOCOL', 'device_id'],
    ]);
    expect(skipped.map(({ message }) => /^Device (\d)/.exec(message)?.[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(skipped.join()).not.toContain('secret');
  });

  it('has a device once, as it was listed first', () => {
    const { devices, skipped } = listOf(
      { device_id: id, device_name: 'first' },
      { device_id: 'other' },
      { device_id: id, device_name: 'second' },
    );
    expect(devices.map(({ name }) => name)).toEqual(['first', undefined]);
    expect(skipped).toEqual([]);
  });

  it.each([
    [{}],
    [{ data: null }],
    [{ data: {} }],
    [{ data: { devices_list: {} } }],
    [[]],
    [null],
    ['<html>'],
  ])('is PROTOCOL, naming where it should be, when it is %j', (answer) => {
    expect(() => readDevices(answer, v5)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL', detail: { field: 'data.devices_list' } }),
    );
  });

  it('has no device_key, and no credential of an address, wherever in a record they are', () => {
    const address = 'rtsp://operator:hunter2@10.0.0.7/1';
    const { devices } = listOf({
      device_id: id,
      device_name: `Gate ${address}`,
      device_ip: address,
      device_type: address,
      device_key: 'hunter2',
      password: 'hunter2',
      [address]: 'by name',
      netRelay: { urls: [address, { address }], device_key: 'hunter2', rtsp_pwd: 'hunter2' },
    });
    expect(JSON.stringify(devices)).not.toMatch(/hunter2|operator|device_key/);
    expect(devices).toEqual([
      {
        deviceId: id,
        name: 'Gate rtsp://10.0.0.7/1',
        kind: 'rtsp://10.0.0.7/1',
        ip: 'rtsp://10.0.0.7/1',
        extra: { netRelay: { urls: ['rtsp://10.0.0.7/1', { address: 'rtsp://10.0.0.7/1' }] } },
      },
    ]);
  });

  it('has the credentials of no address in any JSON', () => {
    const address = fc.constant(JSON.stringify('rtsp://operator:hunter2@10.0.0.7/1'));
    const names = ['device_id', 'device_name', 'device_ip', 'device_key', 'password', 'url'];
    const record = anyJson([...names, 'rtsp://operator:hunter2@10.0.0.7/1']);
    fc.assert(
      fc.property(record, address, (json, url) => {
        const { devices } = listOf({
          device_id: id,
          extra: JSON.parse(json),
          url: JSON.parse(url),
        });
        expect(devices).toHaveLength(1);
        expect(JSON.stringify(devices)).not.toContain('hunter2');
      }),
    );
  });

  it('leaves out a record that nests too deep', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const { devices, skipped } = listOf({ device_id: 'a', deep }, { device_id: 'b' });
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(['b']);
    expect(skipped).toHaveLength(1);
  });
});
