import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { Command } from './command.ts';

// The script of the seed, as printed there. `sed` gives it an address and device ids that
// exist; nothing else is touched.
const SCRIPT = new URL('fixtures/seed-client.py', import.meta.url);

const python = ['python3', '/usr/bin/python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import websocket']).status === 0,
);

test("the seed's own script prints the events of `simulate`", async ({ skip }) => {
  if (python === undefined) {
    skip('there is no python3 with the websocket module: apt-get install python3-websocket');
    return;
  }
  await using command = new Command('--api-port 0 --event-port 0 --rate 50 --seed 3'.split(' '));
  const { eventPort } = await command.ports();
  await using same = await startSimulator({ seed: 3 });
  const ids = same.devices.map(({ deviceId }) => deviceId);
  const script = (await readFile(SCRIPT, 'utf8'))
    .replace('192.168.1.180:5679', `127.0.0.1:${eventPort}`)
    .replace(/'event_list':\[.*?\]/, `'event_list':${JSON.stringify(ids)}`);

  const client = spawn(python, ['-u', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface(client.stdout)) {
    if (lines.push(line) === 5) break;
  }
  client.kill();
  await once(client, 'close');

  const [deviceIds, eventIds] = [0, 1].map((column) =>
    lines.map((line) => line.split(' ')[column]),
  );
  expect(ids).toEqual(expect.arrayContaining(deviceIds ?? []));
  const first = Number(eventIds?.[0]);
  expect(eventIds).toEqual(Array.from({ length: 5 }, (_, index) => String(first + index)));
});
