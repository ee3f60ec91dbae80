import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
// clock: between two questions to another process, which tells nobody when it is ready.
import { setTimeout as pause } from 'node:timers/promises';
import { type Simulator, startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { freePort } from '../support/free-port.ts';
import { configText, post } from '../support/gateways.ts';
import { journalFile } from '../support/journals.ts';

/** The answer at this address, once there is one that will do. */
async function answer(url: string, suits: (status: number) => boolean): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response && suits(response.status)) return response.text();
    await response?.body?.cancel();
    await pause(50);
  }
}

/** A configuration with a port that the test knows, and a journal on disk. */
async function gatewayConfig(simulator: Simulator) {
  const parts = new AsyncDisposableStack();
  const data = parts.use(await journalFile());
  const listen = `127.0.0.1:${await freePort()}`;
  const text = configText([simulator], { listen, journal: { path: data.path } });
  const { path } = parts.use(await configFile(text));
  const dispose = () => parts.disposeAsync();
  return { path, url: `http://${listen}`, data: data.path, [Symbol.asyncDispose]: dispose };
}

/** Settles when an event that the box sends now has come to a subscriber. */
async function deliver(url: string, simulator: Simulator): Promise<void> {
  await simulator.until(({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0);
  const query = 'subscription { recognitionEvents { id } }';
  const events = readEvents(await post(url, query, { Accept: 'text/event-stream' }));
  simulator.emit();
  expect((await nextEvent(events)).data).toContain('"recognitionEvents"');
  await events.return();
}

const linesLost = async (url: string): Promise<number> =>
  Number(/^se5_log_lines_lost_total (\d+)/m.exec(await answer(`${url}/metrics`, Boolean))?.[1]);

it('a gateway whose log is on a full disk goes on, counts the lines, and stops', async () => {
  await using simulator = await startSimulator();
  await using config = await gatewayConfig(simulator);
  await using full = await open('/dev/full', 'w');
  await using command = new Command(['--config', config.path], {}, [full.fd, full.fd]);
  await answer(`${config.url}/readyz`, (status) => status === 200);
  await deliver(config.url, simulator);
  expect(await linesLost(config.url)).toBeGreaterThan(0);
  command.kill('SIGTERM');
  expect(await command.exitCode()).toBe(0);
});

it('a gateway whose log nobody reads any more goes on, and stops', async () => {
  await using simulator = await startSimulator();
  await using config = await gatewayConfig(simulator);
  await using command = new Command(['--config', config.path]);
  await command.url();
  command.stopReading();
  command.kill('SIGUSR2');
  await deliver(config.url, simulator);
  while ((await linesLost(config.url)) === 0) await pause(50);
  command.kill('SIGTERM');
  expect(await command.exitCode()).toBe(0);
});

it('a disk that log and journal share fills up: memory takes over, and both come back', async () => {
  await using simulator = await startSimulator();
  await using config = await gatewayConfig(simulator);
  await mkdir(dirname(config.data), { recursive: true, mode: 0o700 });
  const path = join(dirname(config.data), 'gateway.log');
  await using log = await open(path, 'a');
  await using command = new Command(['--config', config.path], {}, [log.fd, log.fd]);
  await answer(`${config.url}/readyz`, (status) => status === 200);
  const limit = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(command.pid), `--fsize=${bytes}:`]);

  // Any write to a file that makes it longer fails with EFBIG.
  limit('1');
  await deliver(config.url, simulator);
  expect(await answer(`${config.url}/readyz`, (status) => status === 503)).toContain('in memory');
  await deliver(config.url, simulator);
  expect(await linesLost(config.url)).toBeGreaterThan(0);

  limit('unlimited');
  await answer(`${config.url}/readyz`, (status) => status === 200);
  command.kill('SIGTERM');
  expect(await command.exitCode()).toBe(0);
  const lines = await readFile(path, 'utf8');
  expect(lines).toMatch(/"\d+ lines of the log could not be written"/);
  expect(lines).toContain('the journal is written again');
});
