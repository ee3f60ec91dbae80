import { toDeviceId } from '@se5/core';
import { describe, expect, it } from 'vitest';
import { positionsOf } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';
import { isListenedTo, Rig, UNDER_WAY_MS } from '../support/rig.ts';
import { LIVE_PICTURES } from '../support/subscriber.ts';

const BOTH = ['face', 'registered'] as const;

describe('the fleet', () => {
  it('brings what boxes say to every subscriber over one connection to each box', async () => {
    await using rig = await Rig.with({ boxes: ['lobby', 'gate', 'yard'] });
    await rig.start();
    const subscriptions = Array.from({ length: 50 }, (_, i) =>
      rig.subscribe({ withImages: i % 2 === 0, pictures: BOTH }),
    );
    const taken = subscriptions.map((each) => each.take(3));
    for (const simulator of rig.simulators.values()) {
      await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
      simulator.emit();
    }
    for (const deliveries of await Promise.all(taken)) {
      expect(positionsOf(deliveries)).toEqual(positionsOf(rig.records));
    }
    expect(new Set(rig.events.map((event) => event.boxId)).size).toBe(3);
    for (const simulator of rig.simulators.values()) {
      expect(simulator.connectionsAccepted).toBe(1);
    }
    expect(rig.faults).toEqual([]);
  });

  it('listens to every device, those that come later too, and no longer to those that go', async () => {
    await using rig = await Rig.with({ simulator: { devices: 2 }, box: { devicePollMs: 20 } });
    const simulator = rig.simulator();
    await rig.start();
    const added = simulator.addDevice({ name: 'New gate' });
    const lists = (id: string) => () =>
      simulator.configurations.at(-1)?.eventList.includes(id) === true;
    await simulator.until(lists(added.deviceId));
    simulator.emit({ deviceId: added.deviceId });
    await rig.until(() => rig.events.length === 1);
    const [event] = rig.events;
    expect(event?.deviceId).toBe(added.deviceId);

    const { directory } = rig.fleet;
    expect(directory.findDevices(added.deviceId)).toMatchObject([{ name: 'New gate' }]);
    simulator.removeDevice(added.deviceId);
    await simulator.until(() => !lists(added.deviceId)());
    await rig.until(() => directory.devices(boxId('lobby')).length === 2);
    expect(directory.device(boxId('lobby'), toDeviceId(added.deviceId)).name).toBe('New gate');
    expect(simulator.connectionsAccepted).toBe(1);
  });

  it('listens to the devices that are configured, and knows them whether the box lists them or not', async () => {
    await using rig = await Rig.with({
      config: ({ devices }) => ({
        devices: [...devices.slice(0, 1).map(({ deviceId }) => deviceId), 'unlisted'].map(
          toDeviceId,
        ),
      }),
    });
    const simulator = rig.simulator();
    const { directory } = rig.fleet;
    expect(directory.devices(boxId('lobby'))).toHaveLength(2);
    await rig.start();
    const [listed] = simulator.devices;
    expect(simulator.configurations.at(-1)?.eventList).toEqual([listed?.deviceId, 'unlisted']);
    await rig.until(() => directory.devices(boxId('lobby'))[0]?.name !== undefined);
    const names = directory.devices(boxId('lobby')).map(({ name }) => name);
    expect(names).toEqual([listed?.name, undefined]);
  });

  it.each([
    ['not-json', 'PROTOCOL'],
    ['status', 'PROTOCOL'],
    ['huge', 'PROTOCOL'],
    ['envelope', 'BOX_REFUSED'],
  ] as const)(
    'says of a live box that its list of devices is %s, until it is read again',
    async (fault, code) => {
      await using rig = await Rig.with({ box: { devicePollMs: 20 } });
      const simulator = rig.simulator();
      const { directory } = rig.fleet;
      const status = () => directory.status(boxId('lobby'));
      await rig.start();
      simulator.faults.deviceList(fault);
      await rig.until(() => status().devicesError !== undefined);
      expect(status()).toMatchObject({ link: { name: 'LIVE' }, devicesError: { code } });
      simulator.faults.deviceList(undefined);
      await rig.until(() => status().devicesError === undefined);
      expect(status().link.name).toBe('LIVE');
    },
  );

  it('says of a live box why a device of its list was left out', async () => {
    await using rig = await Rig.with({ box: { devicePollMs: 20 } });
    await rig.start();
    const { directory } = rig.fleet;
    const status = () => directory.status(boxId('lobby'));
    rig.simulator().addDevice({ deviceId: '' });
    await rig.until(() => status().devicesError !== undefined);
    expect(status().devicesError?.message).toContain('device_id');
  });

  it('is not held up by a box that is down at the start, and reaches it when it is up', async () => {
    await using rig = await Rig.with({ boxes: ['down', 'lobby'] });
    const down = rig.simulator('down');
    await down.faults.refuse('closed');
    rig.fleet.start();
    await rig.untilLink('down', 'BACKING_OFF', 2);
    await rig.untilLink('lobby', 'LIVE');
    const { directory } = rig.fleet;
    expect(directory.status(boxId('down')).link).toMatchObject({
      lastError: { code: 'UNREACHABLE' },
    });
    await rig.simulator('lobby').until(isListenedTo);
    rig.simulator('lobby').emit();
    await rig.until(() => rig.events.length === 1);

    await down.faults.welcome();
    await down.until(isListenedTo);
    down.emit();
    await rig.until(() => rig.events.length === 2);
    // What this process never heard, it has not missed.
    expect(rig.gaps).toEqual([]);
  });

  it('declares one gap for a box that restarted and stores nothing, from its last sign of life until it was back', async () => {
    await using rig = await Rig.with({ boxes: ['lobby', 'gate'] });
    await rig.start();
    const simulator = rig.simulator('lobby');
    simulator.faults.storedEvents('missing');
    const before = Date.now();
    simulator.emit();
    await rig.until(() => rig.events.length === 1);
    await simulator.faults.restart(100);
    const back = Date.now();
    await rig.untilLink('lobby', 'LIVE', 2);
    await simulator.until(({ configurations }) => configurations.length === 2);
    await rig.until(() => rig.gaps.length === 1);
    const { from, to, ...gap } = rig.gaps[0] ?? {};
    expect(gap).toEqual({ reason: 'BOX_UNREACHABLE', boxId: 'lobby', count: null });
    expect(from).toBeGreaterThanOrEqual(before - UNDER_WAY_MS);
    expect(from).toBeLessThan(back);
    // The wall time of an instant may be rounded down.
    expect(to).toBeGreaterThanOrEqual(back - 1);
    simulator.emit();
    await rig.until(() => rig.events.length === 2);
    expect(rig.gaps).toHaveLength(1);
  });

  it('declares no gap for a box that has nothing to say, nor a gap again', async () => {
    await using rig = await Rig.with({ config: () => ({ silentAfterMs: 20 }) });
    const simulator = rig.simulator();
    simulator.faults.storedEvents('missing');
    await rig.start();
    await rig.untilLink('lobby', 'SILENT');
    simulator.emit();
    await rig.untilLink('lobby', 'LIVE', 2);
    await rig.untilLink('lobby', 'SILENT', 2);
    expect(rig.gaps).toEqual([]);
    simulator.faults.drop();
    await rig.untilLink('lobby', 'SILENT', 3);
    simulator.emit();
    await rig.untilLink('lobby', 'LIVE', 4);
    await rig.until(() => rig.gaps.length > 0);
    expect(rig.gaps).toHaveLength(1);
  });

  it('counts what a dead connection did not bring among what was missed', async () => {
    const config = () => ({ reconfigure: 'reconnect' }) as const;
    await using rig = await Rig.with({ config, box: { pingMs: 50 } });
    const simulator = rig.simulator();
    simulator.faults.storedEvents('missing');
    await rig.start();
    // The old connection closes when the new one has answered a ping: it is judged by them then.
    rig.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    await simulator.until(
      ({ connections, connectionsAccepted }) => connections === 1 && connectionsAccepted === 2,
    );
    simulator.faults.halfOpen();
    await new Promise(setImmediate);
    const missed = simulator.emit();
    await rig.until(() => rig.gaps.length > 0);
    const [gap] = rig.gaps;
    expect(gap?.from).toBeLessThanOrEqual(missed.timestamp);
    expect(gap?.to).toBeGreaterThanOrEqual(missed.timestamp);
  });

  it('declares no gap for a box that is reconfigured over a new connection', async () => {
    await using rig = await Rig.with({ config: () => ({ reconfigure: 'reconnect' }) });
    const simulator = rig.simulator();
    await rig.start();
    rig.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    await simulator.until(({ connections }) => connections === 1);
    expect(simulator.connectionsAccepted).toBe(2);
    expect(rig.records).toEqual([]);
  });

  it('tells of what a box says twice once', async () => {
    await using rig = await Rig.with();
    const simulator = rig.simulator();
    await rig.start();
    simulator.faults.duplicate();
    for (let i = 0; i < 5; i += 1) simulator.emit();
    await rig.until(() => rig.duplicates.length === 5);
    expect(rig.events).toHaveLength(5);
  });

  it('lets no biometric template in, however deep it is', async () => {
    await using rig = await Rig.with();
    const simulator = rig.simulator();
    await rig.start();
    const face = {
      age: 30,
      feature: [0.1, 0.2],
      more: [{ feature_binary: 'c2VjcmV0', hat: true }],
    };
    const extra = { recognize_face_attr: face };
    simulator.emit({ extra, identityInfo: { feature: [0.3], name: 'Visitor 12' } });
    await rig.until(() => rig.events.length === 1);
    const [event] = rig.events;
    expect(event?.extra).toMatchObject({
      recognize_face_attr: { age: 30, more: [{ hat: true }] },
    });
    expect(JSON.stringify(event)).not.toMatch(/feature|c2VjcmV0/);
  });

  it('knows how each link stands, when the box was heard, and how its clock stands', async () => {
    await using rig = await Rig.with({ simulator: { clockOffsetMs: 3_600_000 } });
    const { directory } = rig.fleet;
    const lobby = boxId('lobby');
    expect(directory.status(lobby).link.name).toBe('STOPPED');
    const told: string[] = [];
    using _listener = directory.onStatus(({ link }) => told.push(link.name));
    await rig.start();
    const before = Date.now();
    for (let i = 0; i < 3; i += 1) rig.simulator().emit();
    await rig.until(() => rig.events.length === 3);
    const { link, lastEventAt, clockOffsetMs } = directory.status(lobby);
    expect(link.name).toBe('LIVE');
    expect(told).toEqual(['CONNECTING', 'LIVE']);
    expect(lastEventAt).toBeGreaterThanOrEqual(before);
    expect(clockOffsetMs).toBeGreaterThan(3_600_000 - 1_000);
    expect(clockOffsetMs).toBeLessThanOrEqual(3_600_000);
    const [last] = rig.events.slice(-1);
    expect(last && directory.lastEventAt(`lobby/${last.deviceId}`)).toBe(last?.receivedAt);
  });

  it('lets go of every box when it is disposed of, be it in the middle of the start', async () => {
    const rig = await Rig.with({ boxes: ['a', 'b', 'c', 'd'] });
    const simulators = [...rig.simulators.values()];
    rig.fleet.start();
    await rig.simulator('a').until(({ connections }) => connections === 1);
    await rig.fleet[Symbol.asyncDispose]();
    await Promise.all(simulators.map((each) => each.until(({ connections }) => connections === 0)));
    const accepted = simulators.map(({ connectionsAccepted }) => connectionsAccepted);
    await rig[Symbol.asyncDispose]();
    expect(simulators.map(({ connectionsAccepted }) => connectionsAccepted)).toEqual(accepted);
  });
});

describe('the demand for pictures', () => {
  it('is nobody’s at first, then that of the subscribers, then nobody’s again, on a silent box too', async () => {
    await using rig = await Rig.with();
    const simulator = rig.simulator();
    await rig.start();
    const asked = () =>
      simulator.configurations.map(({ needFace, needRegister }) => [needFace, needRegister]);
    const live = rig.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    await simulator.until(({ configurations }) => configurations.length === 2);
    const both = rig.subscribe({ withImages: true, pictures: BOTH });
    await simulator.until(({ configurations }) => configurations.length === 3);
    rig.subscribe({ withImages: false, pictures: BOTH });
    await live.return();
    await both.return();
    await simulator.until(({ configurations }) => configurations.length === 4);
    expect(asked()).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(simulator.connectionsAccepted).toBe(1);
    expect(simulator.sent).toEqual([]);
  });

  it('concerns only the boxes that a subscriber can hear', async () => {
    await using rig = await Rig.with({ boxes: ['lobby', 'gate'] });
    await rig.start();
    const [device] = rig.simulator('gate').devices;
    await rig.until(() => rig.fleet.directory.devices(boxId('gate')).length > 0);
    const subscription = rig.subscribe({
      deviceIds: [device?.deviceId ?? ''],
      withImages: true,
      pictures: BOTH,
    });
    await rig.simulator('gate').until(({ configurations }) => configurations.length === 2);
    rig.simulator('gate').emit({ deviceId: device?.deviceId ?? '' });
    const { faceImage } = await subscription.next();
    expect(faceImage?.base64).toEqual(expect.any(String));
    expect(rig.simulator('lobby').configurations.map(({ needFace }) => needFace)).toEqual([false]);
  });

  it('is there from the first configuration when pictures are always captured', async () => {
    await using rig = await Rig.with({ alwaysPictures: true });
    await rig.start();
    expect(rig.simulator().configurations).toMatchObject([{ needFace: true, needRegister: true }]);
  });
});
