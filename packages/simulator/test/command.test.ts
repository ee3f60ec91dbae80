import { open } from 'node:fs/promises';
// clock: between two questions to another process, which tells nobody when it is ready.
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { Command } from './command.ts';
import { TestClient } from './test-client.ts';

const deviceIds = async (apiPort: string): Promise<unknown> => {
  const response = await fetch(`http://127.0.0.1:${apiPort}/SophonDevice/api/Devices`);
  return response.json();
};

/** On which nobody listens any more. */
async function freePorts() {
  await using simulator = await startSimulator();
  return { eventPort: simulator.eventPort, apiPort: simulator.apiPort };
}

const anywhere = ['--api-port', '0', '--event-port', '0'];

test.for(['SIGINT', 'SIGTERM'] as const)(
  'it prints both addresses, serves them, and ends cleanly on %s',
  async (signal) => {
    await using command = new Command([...anywhere, '--devices', '2', '--seed', '9']);
    const { eventPort, apiPort } = await command.ports();
    await using same = await startSimulator({ devices: 2, seed: 9 });

    expect(command.stdout).toBe(
      `Events   ws://127.0.0.1:${eventPort}\n` +
        `Devices  http://127.0.0.1:${apiPort}/SophonDevice/api/Devices\n`,
    );
    expect(await deviceIds(apiPort)).toEqual(await deviceIds(String(same.apiPort)));

    command.process.kill(signal);
    expect(await command.exit()).toBe(0);
    expect(command.stderr).toBe('');
  },
);

test('it serves devices where its output goes to a full disk, and ends on SIGTERM', async () => {
  const { eventPort, apiPort } = await freePorts();
  await using full = await open('/dev/full', 'w');
  const ports = ['--event-port', String(eventPort), '--api-port', String(apiPort)];
  await using command = new Command(ports, full.fd);
  const isServed = () =>
    deviceIds(String(apiPort)).then(
      () => true,
      () => pause(50, false),
    );
  while (command.process.exitCode === null && !(await isServed()));
  command.process.kill('SIGTERM');
  expect(await command.exit()).toBe(0);
});

test('it sends events at its rate, with the faults of the command line', async () => {
  await using command = new Command([...anywhere, '--rate', '200', '--fault', 'duplicate']);
  const { eventPort } = await command.ports();
  await using same = await startSimulator();
  await using client = new TestClient(`ws://127.0.0.1:${eventPort}`);
  client.socket.on('open', () =>
    client.configure({ event_list: same.devices.map(({ deviceId }) => deviceId) }),
  );

  const [first, second] = await client.events(2);

  expect(first?.event_id).toBe(second?.event_id);
});

test('a taken port is one line and exit code 1', async () => {
  await using other = await startSimulator();
  await using command = new Command(['--event-port', '0', '--api-port', String(other.apiPort)]);

  expect(await command.exit()).toBe(1);
  expect(command.stdout).toBe('');
  expect(command.stderr).toBe(
    `simulate: port ${other.apiPort} is taken by another process; ` +
      'choose others with --event-port and --api-port\n',
  );
});

test('a bad argument is one line and exit code 1', async () => {
  await using command = new Command(['--rate', 'often']);

  expect(await command.exit()).toBe(1);
  expect(command.stderr).toBe('simulate: --rate takes a number from 0 to 10000, not "often"\n');
});

test('--help explains every option and ends', async () => {
  await using command = new Command(['--help']);

  expect(await command.exit()).toBe(0);
  for (const option of ['--api-port', '--event-port', '--devices', '--rate', '--seed', '--fault']) {
    expect(command.stdout).toContain(`  ${option} `);
  }
});
