import { Socket } from 'node:net';
import { startSimulator } from '@se5/simulator';
import { describe, expect, it, vi } from 'vitest';
import { Box } from '../../src/box/box.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { listeningBox } from './listening-box.ts';
import { ids, optionsFor, Recorder } from './recorder.ts';

/** All callbacks but `fault`. */
const failingWith = (fail: () => never) => ({
  event: fail,
  devices: fail,
  link: fail,
  unreadable: fail,
  spoiltPicture: fail,
  devicesRead: fail,
  devicesFailed: fail,
});

describe('Box', () => {
  it('connects, asks for the events of all devices, and tells them', async () => {
    await using simulator = await startSimulator({ devices: 3 });
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    expect(box.link.name).toBe('STOPPED');
    expect(box.devices).toEqual([]);

    box.start();
    await seen.untilLink('LIVE');
    await simulator.until(({ configurations }) => configurations.length > 0);
    const before = Date.now();
    const sent = simulator.emit();
    await seen.until(() => seen.events.length > 0);

    expect(box.link.name).toBe('LIVE');
    expect(seen.path).toBe('CONNECTING LIVE');
    expect(simulator.configurations).toEqual([
      expect.objectContaining({
        needFace: false,
        needRegister: false,
        eventList: simulator.devices.map(({ deviceId }) => deviceId),
      }),
    ]);
    expect(seen.events[0]).toMatchObject({
      deviceId: sent.deviceId,
      eventId: sent.eventId,
      identityId: sent.identityId,
      pictures: {},
    });
    expect(seen.receivedAt[0]).toBeGreaterThanOrEqual(before);
    // clock: one time is after the other, however long it takes.
    expect(seen.receivedAt[0]).toBeLessThanOrEqual(Date.now());
  });

  it('starts once, however often it is told to', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    box.start();
    await seen.untilLink('LIVE');
    box.start();
    await simulator.until(({ configurations }) => configurations.length > 0);
    expect(simulator.connectionsAccepted).toBe(1);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('asks the system to probe a quiet connection', async () => {
    const setKeepAlive = vi.spyOn(Socket.prototype, 'setKeepAlive');
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('LIVE');
    expect(setKeepAlive).toHaveBeenCalledWith(true, 15_000);
    setKeepAlive.mockRestore();
  });

  it('refuses a host that can be none', () => {
    expect(() => new Box({ host: 'the lobby' }, new Recorder())).toThrow('Invalid URL');
  });

  it('takes text and binary messages alike', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await simulator.until(({ configurations }) => configurations.length > 0);
    const message = JSON.stringify({
      device_id: 'gate',
      timestamp: 1_566_016_554_020,
      score: 0.5,
      identity_id: '',
      ext_data: {},
    });
    simulator.emitRaw(message, { binary: false });
    simulator.emitRaw(message, { binary: true });
    await seen.until(() => seen.events.length === 2);
    expect(seen.events[0]).toEqual(seen.events[1]);
  });

  it('skips what it cannot read, tells it, and stays connected', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('LIVE');
    simulator.faults.malformed();
    simulator.faults.truncated();
    simulator.emitRaw('[]');
    simulator.emitRaw(Buffer.from([0xff, 0xfe, 0x00]), { binary: false });
    simulator.emit();
    await seen.until(() => seen.events.length > 0);
    expect(seen.unreadables.map(({ code }) => code)).toEqual([
      'MALFORMED_MESSAGE',
      'MALFORMED_MESSAGE',
      'INVALID_EVENT',
      'MALFORMED_MESSAGE',
    ]);
    expect(simulator.connectionsAccepted).toBe(1);
    expect(seen.path).toBe('CONNECTING LIVE');
  });

  it('tells what is no picture where one should be, before the event that is kept', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.untilLink('LIVE');
    const about = { device_id: 'gate', timestamp: 1_566_016_554_020 };
    const ext_data = { recognize_face: Buffer.from('no JPEG').toString('base64'), spot_pic: '!' };
    const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');
    simulator.emitRaw(JSON.stringify({ ...about, reg_pic: jpeg, ext_data }));
    simulator.emitRaw(
      JSON.stringify({ ...about, reg_pic: '', ext_data: { ...ext_data, spot_pic: null } }),
    );
    simulator.emitRaw(
      JSON.stringify({ ...about, reg_pic: 12, ext_data: { recognize_face: {}, spot_pic: [jpeg] } }),
    );
    await seen.until(() => seen.events.length === 3);
    expect(seen.spoilt).toEqual([
      ['gate', { slot: 'face', reason: 'format', bytes: 7 }],
      ['gate', { slot: 'scene', reason: 'base64', bytes: 1 }],
      ['gate', { slot: 'face', reason: 'format', bytes: 7 }],
      ['gate', { slot: 'registered', reason: 'base64', bytes: 2 }],
      ['gate', { slot: 'face', reason: 'base64', bytes: 2 }],
      ['gate', { slot: 'scene', reason: 'base64', bytes: jpeg.length + 4 }],
    ]);
    expect(seen.events[2]?.pictures).toEqual({});
    expect(Object.keys(seen.events[0]?.pictures ?? {}).toSorted()).toEqual(['face', 'registered']);
  });

  it('becomes SILENT without events, and LIVE with the next one', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), silentAfterMs: 20 }, seen);
    box.start();
    await seen.untilLink('SILENT');
    await simulator.until(({ configurations }) => configurations.length > 0);
    simulator.emit();
    await seen.untilLink('LIVE', 2);
    expect(seen.events).toHaveLength(1);
    await seen.untilLink('SILENT', 2);
    expect(seen.path).toBe('CONNECTING LIVE SILENT LIVE SILENT');
    expect(simulator.connectionsAccepted).toBe(1);
  });

  it('reports an observer that throws, and goes on', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    const thrown = new Error('a fault of the observer');
    const fail = () => {
      throw thrown;
    };
    const observer = { ...failingWith(fail), fault: (error: unknown) => seen.fault(error) };
    await using box = new Box(optionsFor(simulator), observer);
    box.start();
    await simulator.until(({ configurations }) => configurations.length > 0);
    simulator.emit();
    simulator.faults.malformed();
    simulator.emit();
    // CONNECTING, LIVE, devices, devicesRead, event, unreadable, event.
    await seen.until(() => seen.faults.length === 7);
    simulator.faults.deviceList('status');
    await box.refreshDevices();
    expect(seen.faults).toHaveLength(8);
    expect(new Set(seen.faults)).toEqual(new Set([thrown]));
    expect(box.link.name).toBe('LIVE');
    expect(simulator.connectionsAccepted).toBe(1);
  });

  it('survives an observer whose fault throws too', async () => {
    await using simulator = await startSimulator();
    const fail = () => {
      throw new Error('a fault of the observer');
    };
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => void process.off('warning', warned));
    await using box = new Box(optionsFor(simulator), { ...failingWith(fail), fault: fail });
    box.start();
    await simulator.until(({ configurations }) => configurations.length > 0);
    await expect.poll(() => box.link.name, { interval: 5 }).toBe('LIVE');
    expect(warnings.map(({ name }) => name)).toContain('BoxObserverWarning');
  });
});

describe('the devices of a box', () => {
  it('are told with what was added and removed, and are what is listened to', async () => {
    await using simulator = await startSimulator({ devices: 2 });
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), devicePollMs: 10 }, seen);
    box.start();
    await seen.until(() => seen.changes.length === 1);
    const first = simulator.devices.map(({ deviceId }) => deviceId);
    expect(ids(seen.changes[0]?.added)).toEqual(first);

    const added = simulator.addDevice();
    await seen.until(() => seen.changes.length === 2);
    expect(ids(seen.changes[1]?.added)).toEqual([added.deviceId]);
    expect(seen.changes[1]?.removed).toEqual([]);
    expect(ids(box.devices)).toEqual([...first, added.deviceId]);
    await simulator.until(
      ({ configurations }) => configurations.at(-1)?.eventList.includes(added.deviceId) ?? false,
    );

    simulator.removeDevice(added.deviceId);
    await seen.until(() => seen.changes.length === 3);
    expect(ids(seen.changes[2]?.removed)).toEqual([added.deviceId]);
    await simulator.until(({ configurations }) => configurations.at(-1)?.eventList.length === 2);
    expect(simulator.connectionsAccepted).toBe(1);
  });

  it('are asked for at each connect', async () => {
    await using listening = await listeningBox();
    const { simulator, seen } = listening;
    expect(simulator.deviceRequests).toBe(1);
    const added = simulator.addDevice();
    simulator.faults.drop();
    await seen.until(() => seen.changes.length === 2);
    expect(ids(seen.changes[1]?.added)).toEqual([added.deviceId]);
    expect(simulator.deviceRequests).toBe(2);
  });

  it('are believed to be none when the box says so', async () => {
    await using simulator = await startSimulator({ devices: 0 });
    const seen = new Recorder();
    const lastKnownDevices = [toDeviceId('gate')];
    await using box = new Box({ ...optionsFor(simulator), lastKnownDevices }, seen);
    box.start();
    await simulator.until(({ configurations }) => configurations.at(-1)?.eventList.length === 0);
    expect(seen.changes).toEqual([{ devices: [], added: [], removed: [] }]);
  });

  it('stay as they were last known when the list fails', async () => {
    const backoffMs = { min: 60_000, max: 60_000 };
    await using listening = await listeningBox({ backoffMs }, { devices: 2 });
    const { simulator, seen, box } = listening;
    for (const fault of ['status', 'envelope', 'not-json', 'huge'] as const) {
      simulator.faults.deviceList(fault);
      await box.refreshDevices();
    }
    await simulator.faults.refuse('closed');
    await box.refreshDevices();
    expect(seen.devicesFailures.map(({ code }) => code)).toEqual([
      'PROTOCOL',
      'BOX_REFUSED',
      'PROTOCOL',
      'PROTOCOL',
      'UNREACHABLE',
    ]);
    expect(box.devices).toHaveLength(2);
    expect(seen.changes).toHaveLength(1);
    expect(simulator.configurations).toHaveLength(1);
  });

  it('are waited for while nobody can say which they are: nothing counts as heard', async () => {
    await using simulator = await startSimulator();
    simulator.faults.deviceList('status');
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), pingMs: 20 }, seen);
    box.start();
    const unlisted = () => box.link.name === 'CONNECTING' && box.link.lastError?.code;
    await seen.until(() => unlisted() === 'PROTOCOL' && seen.devicesFailures.length > 5);
    expect(simulator.connectionsAccepted).toBe(1);
    expect(simulator.configurations).toEqual([]);
    expect(box.heardUntil).toBeUndefined();
    expect(new Set(seen.states.map(({ name }) => name))).toEqual(new Set(['CONNECTING']));

    simulator.faults.deviceList(undefined);
    await seen.untilLink('LIVE');
    expect(simulator.configurations.map(({ eventList }) => eventList.length)).toEqual([4]);
  });

  it('are those of the last time until the box answers', async () => {
    await using simulator = await startSimulator();
    simulator.faults.deviceList('status');
    const [gate] = simulator.devices;
    const lastKnownDevices = [toDeviceId(gate?.deviceId ?? '')];
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), lastKnownDevices }, seen);
    box.start();
    await simulator.until(({ configurations }) => configurations.length === 1);
    simulator.emit({ deviceId: gate?.deviceId ?? '' });
    await seen.until(() => seen.events.length === 1);
    expect(simulator.configurations[0]?.eventList).toEqual(lastKnownDevices);
    expect(box.devices).toEqual([]);

    simulator.faults.deviceList(undefined);
    await simulator.until(({ configurations }) => configurations.at(-1)?.eventList.length === 4);
  });

  it('are not what is listened to when a list is given', async () => {
    await using simulator = await startSimulator({ devices: 3 });
    const devices = [toDeviceId(simulator.devices[1]?.deviceId ?? '')];
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), devices }, seen);
    box.start();
    await seen.until(() => seen.changes.length === 1);
    simulator.addDevice();
    await box.refreshDevices();
    box.setDemand({ live: true, registered: false });
    await simulator.until(({ configurations }) => configurations.length === 2);
    expect(box.devices).toHaveLength(4);
    expect(simulator.configurations.map(({ eventList }) => eventList)).toEqual([devices, devices]);
  });

  it('are told without a record that cannot be read, and why it was left out', async () => {
    await using simulator = await startSimulator({ devices: 1 });
    simulator.addDevice({ deviceId: '' });
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.until(() => seen.listsRead.length === 1);
    expect(seen.listsRead[0]).toMatchObject([{ code: 'PROTOCOL', detail: { field: 'device_id' } }]);
    expect(seen.devicesFailures).toEqual([]);
    expect(box.devices).toHaveLength(1);
    expect(box.link.name).not.toBe('BACKING_OFF');
  });

  it('are asked for once more after the question that is open when somebody wants them', async () => {
    await using simulator = await startSimulator({ devices: 1 });
    simulator.faults.deviceList('unanswered');
    const seen = new Recorder();
    await using box = new Box({ ...optionsFor(simulator), httpTimeoutMs: 400 }, seen);
    box.start();
    await simulator.until(({ deviceRequests }) => deviceRequests === 1);
    simulator.faults.deviceList(undefined);
    await Promise.all([box.refreshDevices(), box.refreshDevices(), box.refreshDevices()]);
    expect(seen.devicesFailures).toHaveLength(1);
    expect(box.devices).toHaveLength(1);
    expect(simulator.deviceRequests).toBe(2);
  });

  it('never show the credentials of a camera', async () => {
    await using simulator = await startSimulator();
    const seen = new Recorder();
    await using box = new Box(optionsFor(simulator), seen);
    box.start();
    await seen.until(() => seen.changes.length === 1);
    expect(JSON.stringify(box.devices)).not.toMatch(/rtsp:|operator/);
  });
});
