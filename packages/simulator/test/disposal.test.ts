import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { deviceListUrl, listen, open } from './test-client.ts';

test('disposing ends all connections and frees both ports', async () => {
  const simulator = await startSimulator({ ratePerSecond: 100 });
  await using client = await listen(simulator);
  await fetch(deviceListUrl(simulator));
  const { host, eventPort, apiPort } = simulator;

  await simulator[Symbol.asyncDispose]();

  expect(await client.closed()).toBe(1006);
  await using successor = await startSimulator({ host, eventPort, apiPort });
  expect(successor.eventPort).toBe(eventPort);
});

test('disposing does not wait for anybody: half-open, slow, unanswered, idle', async () => {
  const simulator = await startSimulator();
  await using _halfOpen = await listen(simulator);
  simulator.faults.halfOpen();
  await using _slow = await listen(simulator);
  simulator.faults.slow(1);
  simulator.emit();
  simulator.faults.deviceList('unanswered');
  const asked = Promise.allSettled([fetch(deviceListUrl(simulator))]);
  await simulator.until(({ deviceRequests }) => deviceRequests === 1);
  const idle = connect(simulator.eventPort, simulator.host);
  await using _open = await open(simulator);

  await simulator[Symbol.asyncDispose]();

  expect(await asked).toMatchObject([{ status: 'rejected' }]);
  idle.destroy();
  expect(simulator.connections).toBe(0);
});

test('disposing twice is as good as once', async () => {
  const simulator = await startSimulator();

  await simulator[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

test('a taken port is an error with its code, and nothing stays open', async () => {
  await using first = await startSimulator();
  const { eventPort } = await startSimulator().then(async (closed) => {
    await closed[Symbol.asyncDispose]();
    return closed;
  });

  await expect(startSimulator({ eventPort, apiPort: first.apiPort })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });

  await using second = await startSimulator({ eventPort });
  expect(second.eventPort).toBe(eventPort);
});

test('a process ends by itself when its simulators are disposed: no handle is left', () => {
  const script = `
    import { startSimulator } from '@se5/simulator';
    const simulator = await startSimulator({ ratePerSecond: 100 });
    const socket = new WebSocket('ws://127.0.0.1:' + simulator.eventPort);
    socket.onopen = () =>
      socket.send(JSON.stringify({ event_list: simulator.devices.map((one) => one.deviceId) }));
    await simulator.until((one) => one.sent.some((event) => event.connections > 0));
    simulator.faults.slow(1);
    simulator.emit();
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    await simulator[Symbol.asyncDispose]();
    await closed;
    await new Promise(setImmediate);
    // The pipes lead to the parent.
    const left = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap');
    console.log(JSON.stringify(left));
  `;

  const ended = spawnSync(
    process.execPath,
    ['--conditions=@se5/source', '--input-type=module', '--eval', script],
    { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );

  expect(ended).toMatchObject({ status: 0, stdout: '[]\n', stderr: '' });
});
