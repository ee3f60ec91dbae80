import { once } from 'node:events';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { listen, open, TestClient, urlOf } from './test-client.ts';

const jpeg = /^\/9j\//;

test('a client hears nothing before it has said what it wants', async () => {
  await using simulator = await startSimulator();
  await using quiet = await open(simulator);
  await using listener = await listen(simulator);

  expect(simulator.emit().connections).toBe(1);
  await listener.messages(1);

  expect(quiet.received).toEqual([]);
});

test('any path is a good one', async () => {
  await using simulator = await startSimulator();
  await using client = new TestClient(`${urlOf(simulator)}/any/path?at=all`);

  await once(client.socket, 'open');
  expect(simulator.connections).toBe(1);
});

test('an event has the fields of the seed, in the order of its sample, as a text message', async () => {
  await using simulator = await startSimulator();
  await using client = await listen(simulator, { need_face: true, need_register: true });

  const sent = simulator.emit({ personType: 1 });
  const [event] = await client.events(1);
  const [message] = client.received;

  expect(message?.binary).toBe(false);
  expect(Object.keys(event ?? {})).toEqual([
    'reg_pic',
    'ext_data',
    'identity_id',
    'device_id',
    'identity_info',
    'score',
    'timestamp',
    'group_name',
    'identity_name',
    'video_id',
    'event_id',
  ]);
  expect(Object.keys(event?.ext_data ?? {})).toEqual([
    'person_type',
    'device_ip',
    'device_type',
    'spot_pic',
    'recognize_face',
  ]);
  expect(Object.keys(event?.identity_info ?? {})).toEqual(['addTime', 'image_id', 'name', 'type']);
  expect(event).toMatchObject({
    device_id: sent.deviceId,
    video_id: sent.deviceId,
    event_id: '1',
    identity_id: sent.identityId,
    identity_name: sent.identityName,
    group_name: sent.groupName,
    score: sent.score,
    timestamp: sent.timestamp,
    reg_pic: sent.pictures.registered,
    ext_data: { spot_pic: sent.pictures.scene, recognize_face: sent.pictures.face },
  });
  expect(event?.reg_pic).toMatch(jpeg);
  expect(event?.score).toBeGreaterThan(0);
  expect(event?.score).toBeLessThan(1);
});

test('a stranger has no identity, no enrolment record and no enrolled picture', async () => {
  await using simulator = await startSimulator();
  await using client = await listen(simulator, { need_face: true, need_register: true });

  simulator.emit({ personType: 4 });
  const [event] = await client.events(1);

  expect(event).toMatchObject({ identity_id: '', identity_info: {}, reg_pic: '' });
  expect(event?.ext_data.recognize_face).toMatch(jpeg);
});

test.for([
  { need_face: false, need_register: false },
  { need_face: true, need_register: false },
  { need_face: false, need_register: true },
  { need_face: true, need_register: true },
])('a client gets the pictures it asked for: %o', async (configuration) => {
  await using simulator = await startSimulator();
  await using client = await listen(simulator, configuration);

  simulator.emit({ personType: 5 });
  const [event] = await client.events(1);

  expect(event?.reg_pic !== '').toBe(configuration.need_register);
  expect(event?.ext_data.recognize_face !== undefined).toBe(configuration.need_face);
  expect(event?.ext_data.spot_pic !== undefined).toBe(configuration.need_face);
});

test('pictures are off and no device is listened to unless the configuration says so', async () => {
  await using simulator = await startSimulator();
  await using client = await open(simulator);

  client.configure({});
  await simulator.until(({ configurations }) => configurations.length === 1);

  expect(simulator.configurations[0]).toMatchObject({
    connection: 1,
    needFace: false,
    needRegister: false,
    eventList: [],
  });
  expect(simulator.emit().connections).toBe(0);
});

test('each client hears the devices of its own list', async () => {
  await using simulator = await startSimulator({ devices: 2 });
  const [first, second] = simulator.devices;
  await using one = await listen(simulator, { event_list: [first?.deviceId] });
  await using both = await listen(simulator);

  expect(simulator.emit({ deviceId: second?.deviceId ?? '' }).connections).toBe(1);
  expect(simulator.emit({ deviceId: first?.deviceId ?? '' }).connections).toBe(2);

  expect(await both.events(2)).toHaveLength(2);
  expect(await one.events(1)).toMatchObject([{ device_id: first?.deviceId, event_id: '2' }]);
});

test('a later configuration replaces the earlier one on the open socket', async () => {
  await using simulator = await startSimulator({ devices: 2 });
  const [first, second] = simulator.devices;
  await using client = await listen(simulator, { event_list: [first?.deviceId], need_face: true });

  client.configure({ event_list: [second?.deviceId] });
  await simulator.until(({ configurations }) => configurations.length === 2);

  expect(simulator.emit({ deviceId: first?.deviceId ?? '' }).connections).toBe(0);
  simulator.emit({ deviceId: second?.deviceId ?? '' });
  const [event] = await client.events(1);
  expect(event?.device_id).toBe(second?.deviceId);
  expect(event?.ext_data).not.toHaveProperty('spot_pic');
});

test('what is no configuration is ignored and the last one stays in force', async () => {
  await using simulator = await startSimulator();
  await using client = await listen(simulator);

  client.socket.send("{'need_face':True}");
  client.configure({ need_face: 'yes' });
  client.configure([]);
  await simulator.until(({ invalidConfigurations }) => invalidConfigurations.length === 3);

  expect(simulator.configurations).toHaveLength(1);
  expect(simulator.emit().connections).toBe(1);
});

test('a box in greeting mode leaves the scene out', async () => {
  await using simulator = await startSimulator();
  await using client = await listen(simulator, { need_face: true });

  simulator.emit({ pictures: { scene: '' } });
  const [event] = await client.events(1);

  expect(event?.ext_data).not.toHaveProperty('spot_pic');
  expect(event?.ext_data.recognize_face).toMatch(jpeg);
});

test('what is given of a recognition is told as given, and the rest fits it', async () => {
  await using simulator = await startSimulator();
  const employee = simulator.emit({ personType: 1 });

  const again = simulator.emit({ identityId: employee.identityId, score: 0.5 });

  expect(again).toMatchObject({
    identityName: employee.identityName,
    groupName: employee.groupName,
    pictures: employee.pictures,
    score: 0.5,
  });
});

test('a raw message goes as it is to all who have configured themselves', async () => {
  await using simulator = await startSimulator();
  await using unconfigured = await open(simulator);
  await using client = await listen(simulator, { event_list: [] });

  expect(simulator.emitRaw('not JSON')).toBe(1);
  expect(simulator.emitRaw(Buffer.from('{}'), { binary: true })).toBe(1);

  expect(await client.messages(2)).toMatchObject([
    { text: 'not JSON', binary: false },
    { text: '{}', binary: true },
  ]);
  expect(unconfigured.received).toEqual([]);
});

test('pings are answered', async () => {
  await using simulator = await startSimulator();
  await using client = await open(simulator);

  client.socket.ping('are you there');

  expect(await once(client.socket, 'pong')).toEqual([Buffer.from('are you there')]);
});

test('a recognition without any device is refused with the reason', async () => {
  await using simulator = await startSimulator({ devices: 0 });

  expect(() => simulator.emit()).toThrow('The box has no device');
});
