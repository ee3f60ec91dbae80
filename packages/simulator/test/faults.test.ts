import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deviceListUrl, listen, open, TestClient, urlOf } from './test-client.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(async () => {
  vi.useRealTimers();
  await simulator[Symbol.asyncDispose]();
});

const askDevices = (signal?: AbortSignal): Promise<Response> =>
  fetch(deviceListUrl(simulator), { signal: signal ?? null });

const isJson = (text = ''): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Everything a box would do for a well-behaved client works again. */
const expectHealthy = async (): Promise<void> => {
  expect((await askDevices()).status).toBe(200);
  await using client = await listen(simulator);
  simulator.emit();
  expect(await client.events(1)).toHaveLength(1);
};

test('refusing by a closed port: TCP is refused on both ports, who is connected stays', async () => {
  await using before = await listen(simulator);

  await simulator.faults.refuse('closed');

  await expect(open(simulator)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(askDevices()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  simulator.emit();
  expect(await before.events(1)).toHaveLength(1);
  await simulator.faults.welcome();
  await expectHealthy();
});

test('refusing as unavailable: HTTP 503 on both ports', async () => {
  await simulator.faults.refuse('unavailable');

  const client = new TestClient(urlOf(simulator));
  expect(await once(client.socket, 'unexpected-response')).toMatchObject([{}, { statusCode: 503 }]);
  client.socket.terminate();
  expect((await askDevices()).status).toBe(503);
  await simulator.faults.welcome();
  await expectHealthy();
});

test('refusing without an answer: TCP is accepted on both ports, and nothing is ever said', async () => {
  await simulator.faults.refuse('unanswered');
  const sockets: Socket[] = [];
  let bytes = 0;
  for (const port of [simulator.eventPort, simulator.apiPort]) {
    const socket = connect(port, simulator.host);
    socket.on('data', (data) => {
      bytes += data.length;
    });
    await once(socket, 'connect');
    socket.write(
      'GET / HTTP/1.1\r\nHost: box\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    sockets.push(socket);
  }
  // Another box's conversation takes many turns: by its end both requests have been read.
  await using other = await startSimulator();
  await using _client = await listen(other);

  await simulator.faults.welcome();
  await expectHealthy();

  expect(bytes).toBe(0);
  expect(simulator.connectionsAccepted).toBe(1);
  for (const socket of sockets) socket.destroy();
});

test('drop ends every event connection without a closing handshake', async () => {
  await using one = await listen(simulator);
  await using other = await open(simulator);

  expect(simulator.faults.drop()).toBe(2);

  expect(await Promise.all([one.closed(), other.closed()])).toEqual([1006, 1006]);
  await simulator.until(({ connections }) => connections === 0);
  await expectHealthy();
});

test('a half-open connection stays open and says nothing, to pings neither; new ones work', async () => {
  await using client = await listen(simulator);

  expect(simulator.faults.halfOpen()).toBe(1);
  client.socket.ping();
  client.configure({ event_list: [], need_face: true });
  await expectHealthy();

  expect(client.socket.readyState).toBe(client.socket.OPEN);
  expect([client.received.length, client.pongs]).toEqual([0, 0]);
  expect(simulator.configurations.some(({ needFace }) => needFace)).toBe(false);
});

test('a half-open connection ends when the box drops its connections', async () => {
  await using client = await listen(simulator);
  simulator.faults.halfOpen();

  expect(simulator.faults.drop()).toBe(1);

  expect(await client.closed()).toBe(1006);
});

test('a silent box takes configurations and sends no events', async () => {
  await using client = await listen(simulator);

  simulator.faults.silent();
  expect(simulator.emit()).toMatchObject({ eventId: '1', connections: 0 });
  simulator.faults.silent(false);
  simulator.emit();

  expect(await client.events(1)).toMatchObject([{ event_id: '2' }]);
});

test('a box that ignores pings does everything else', async () => {
  await using client = await listen(simulator);
  simulator.faults.ignorePings();

  client.socket.ping();
  client.configure({ event_list: simulator.devices.map(({ deviceId }) => deviceId) });
  await simulator.until(({ configurations }) => configurations.length === 2);
  simulator.emit();
  await client.events(1);
  expect(client.pongs).toBe(0);

  simulator.faults.ignorePings(false);
  client.socket.ping();
  await once(client.socket, 'pong');
});

test('slow messages trickle at the pace given, whole and in order', async () => {
  await using client = await listen(simulator);
  simulator.faults.slow(10_000);

  const start = performance.now();
  simulator.emit();
  simulator.emit();
  const [first, second] = await client.messages(2);
  const bytes = (first?.text.length ?? 0) + (second?.text.length ?? 0);

  // A slow machine only adds to the time that this takes at least.
  expect((second?.at ?? 0) - start).toBeGreaterThan((bytes / 10_000) * 1000 * 0.6);
  expect(await client.events(2)).toMatchObject([{ event_id: '1' }, { event_id: '2' }]);
  simulator.faults.slow(undefined);
  simulator.emit();
  expect(await client.events(3)).toMatchObject([{}, {}, { event_id: '3' }]);
});

test('what still trickles is sent at once when the box is slow no more', async () => {
  await using client = await listen(simulator);
  simulator.faults.slow(50);
  simulator.emit();
  simulator.emit();

  simulator.faults.slow(undefined);
  simulator.emit();

  expect((await client.events(3)).map((event) => event.event_id)).toEqual(['1', '2', '3']);
});

test('a slow connection that is closed meanwhile stops trickling', async () => {
  const client = await listen(simulator);
  simulator.faults.slow(50);
  simulator.emit();

  await client[Symbol.asyncDispose]();

  await simulator.until(({ connections }) => connections === 0);
  simulator.faults.slow(undefined);
  await expectHealthy();
});

test('a malformed message is no JSON, a truncated one is the beginning of an event', async () => {
  await using client = await listen(simulator);

  expect(simulator.faults.malformed()).toBe(1);
  expect(simulator.faults.truncated()).toBe(1);
  simulator.emit();

  const [malformed, truncated] = await client.messages(3);
  expect(isJson(malformed?.text)).toBe(false);
  expect(truncated?.text).toMatch(/^\{"reg_pic":"","ext_data":\{.*"score":/);
  expect(isJson(truncated?.text)).toBe(false);
});

test('a huge message is a valid event of the size given', async () => {
  await using client = await listen(simulator);

  expect(simulator.faults.huge(2 ** 21)).toBe(1);

  await client.events(1);
  expect(client.received[0]?.text.length).toBeGreaterThan(2 ** 21);
});

test('duplicates: every event comes twice', async () => {
  await using client = await listen(simulator);

  simulator.faults.duplicate();
  simulator.emit();
  simulator.emit();
  simulator.faults.duplicate(false);
  simulator.emit();

  const events = await client.events(5);
  expect(events.map((event) => event.event_id)).toEqual(['1', '1', '2', '2', '3']);
});

test('out of order: every two events are swapped, the odd one comes when it is over', async () => {
  await using client = await listen(simulator);

  simulator.faults.outOfOrder();
  for (let count = 0; count < 5; count += 1) simulator.emit();
  expect(await client.events(4)).toHaveLength(4);
  simulator.faults.outOfOrder(false);

  const events = await client.events(5);
  expect(events.map((event) => event.event_id)).toEqual(['2', '1', '4', '3', '5']);
});

test("a wrong clock shows in the events' time", async () => {
  await using ahead = await startSimulator({ clockOffsetMs: 60_000 });
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });

  expect(ahead.emit().timestamp).toBe(1_060_000);
  ahead.faults.clock(-60_000);
  expect(ahead.emit().timestamp).toBe(940_000);
  ahead.faults.clock(undefined);
  expect(ahead.emit().timestamp).toBe(1_060_000);
});

test('the device list fails by a status, by the error envelope, and by what is no JSON', async () => {
  simulator.faults.deviceList('status');
  expect((await askDevices()).status).toBe(500);

  simulator.faults.deviceList('envelope');
  expect(await (await askDevices()).json()).toMatchObject({ error: { code: 50072 } });

  simulator.faults.deviceList('not-json');
  expect(await (await askDevices()).text()).toBe('<html>Please sign in</html>');

  simulator.faults.deviceList(undefined);
  await expectHealthy();
});

test('the device list is asked for and never answered', async () => {
  simulator.faults.deviceList('unanswered');
  const abort = new AbortController();
  const outcome = Promise.allSettled([askDevices(abort.signal)]);
  await simulator.until(({ deviceRequests }) => deviceRequests === 1);

  simulator.faults.deviceList(undefined);
  await expectHealthy();

  abort.abort(new Error('given up'));
  expect(await outcome).toMatchObject([{ status: 'rejected', reason: { message: 'given up' } }]);
});

test('the device list is huge: 64 MiB of valid JSON', async () => {
  simulator.faults.deviceList('huge');

  const response = await askDevices();

  const text = await response.text();
  expect(text.length).toBeGreaterThan(64 * 2 ** 20);
  expect([text.slice(0, 25), text.slice(-3)]).toEqual(['{"data":{"devices_list":[', '  }']);
});

test('restart: connections go, the ports come back, the numbers of the events begin again', async () => {
  await using client = await listen(simulator);
  const { eventPort, apiPort } = simulator;
  simulator.emit();

  const restarted = simulator.faults.restart(50);
  expect(await client.closed()).toBe(1006);
  await expect(askDevices()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await restarted;

  expect(simulator).toMatchObject({ eventPort, apiPort, connections: 0 });
  await using again = await listen(simulator);
  simulator.emit();
  expect(await again.events(1)).toMatchObject([{ event_id: '1' }]);
});

test('a box that is disposed while it restarts stays down', async () => {
  const restarted = simulator.faults.restart(60_000);
  await simulator[Symbol.asyncDispose]();

  await restarted;

  await expect(open(simulator)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('clear ends every lasting fault', async () => {
  const { faults } = simulator;
  faults.silent();
  faults.ignorePings();
  faults.slow(1);
  faults.duplicate();
  faults.outOfOrder();
  faults.clock(60_000);
  faults.deviceList('status');
  faults.storedEvents('status');
  faults.pictures('status');
  await faults.refuse('closed');

  await faults.clear();

  await expectHealthy();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  expect(simulator.emit().timestamp).toBe(1_000_000);
});
