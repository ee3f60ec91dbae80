import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { deviceListUrl } from './test-client.ts';

test('the device list has the envelope of the seed and the fields of the vendor', async () => {
  await using simulator = await startSimulator({ devices: 2 });

  const response = await fetch(deviceListUrl(simulator));

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    data: {
      devices_list: simulator.devices.map((device) => ({
        device_id: device.deviceId,
        device_name: device.name,
        device_ip: device.ip,
        device_key: device.key,
        device_type: device.kind,
        group_id: device.groupId,
        permission_id: '',
        device_attr: { actions: { do_detect: true, do_match: true } },
        netRelay: {},
      })),
    },
  });
  expect(simulator.deviceRequests).toBe(1);
});

test('device ids are UUIDs and keys are RTSP addresses with a password', async () => {
  await using simulator = await startSimulator({ devices: 30 });

  for (const device of simulator.devices) {
    expect(device.deviceId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(device.key).toMatch(/^rtsp:\/\/operator:[0-9a-f]{12}@/);
  }
  expect(new Set(simulator.devices.map(({ deviceId }) => deviceId)).size).toBe(30);
  expect(new Set(simulator.devices.map(({ name }) => name)).size).toBe(30);
});

test('devices can be given, added and removed while the box runs', async () => {
  await using simulator = await startSimulator({ devices: 1 });
  const [first] = simulator.devices;

  const added = simulator.addDevice({ name: 'Roof door' });
  expect(simulator.devices).toEqual([first, added]);
  expect(added.name).toBe('Roof door');

  simulator.removeDevice(first?.deviceId ?? '');
  expect(simulator.devices).toEqual([added]);
  await using copy = await startSimulator({ devices: simulator.devices });
  expect(copy.devices).toEqual([added]);
});

test.for(['/', '/SophonDevice/api/Devicesx', '//', '/%zz'])(
  'an unknown path gets the error envelope of the vendor: %s',
  async (path) => {
    await using simulator = await startSimulator();

    const response = await fetch(`http://${simulator.host}:${simulator.apiPort}${path}`);

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 40400, message: 'not found', status: 'NOT_FOUND' },
    });
  },
);

test('the query of a device request does not matter', async () => {
  await using simulator = await startSimulator();

  const response = await fetch(`${deviceListUrl(simulator)}?need_preview_list=0`);

  expect(response.status).toBe(200);
});
