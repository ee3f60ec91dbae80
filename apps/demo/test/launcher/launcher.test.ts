import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
// clock: between two questions to another process, which tells nobody when it is ready.
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { natsTestsAreSkipped } from '@se5/nats-server';
import { startSimulator } from '@se5/simulator';
import { afterEach, expect, test } from 'vitest';
import { FirstProcess } from '../../../../scripts/vitest/first-process.ts';

const main = fileURLToPath(new URL('../../src/launcher/main.ts', import.meta.url));

type Child = ChildProcessByStdio<null, Readable, Readable>;
const children: ChildProcess[] = [];

function start(
  port: string,
  environment: Readonly<Record<string, string>> = {},
  ...args: string[]
): Child {
  const child = spawn(process.execPath, ['--conditions=@se5/source', main, ...args], {
    env: { ...process.env, ...environment, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function printed(stream: Readable, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    const found = pattern.exec(text);
    if (found?.[1]) return found[1];
  }
  throw new Error(`the launcher ended without saying ${pattern}; it said:\n${text}`);
}

test('prints the address, serves the page and live devices there, and stops on SIGTERM', async () => {
  const child = start('0');
  const url = await printed(child.stdout, /Event wall\s+(\S+)/);
  expect(await (await fetch(url)).text()).toContain('<title>Event wall</title>');
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sites { id boxes { id } } }' }),
  });
  expect(await answer.json()).toMatchObject({
    data: { sites: [{ id: 'hq' }, { id: 'plant' }, { id: 'harbour' }] },
  });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('gives the token of a role to its own page alone, and prints it nowhere', async () => {
  const child = start('0');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  }
  const url = await printed(child.stdout, /Event wall\s+(\S+)/);
  const answer = await fetch(`${url}/roles.json`, {
    headers: { 'sec-fetch-site': 'same-origin', origin: url },
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  const [, { gateway }] = (await answer.json()) as [
    unknown,
    { gateway: { port: number; token: string } },
  ];
  expect(gateway.token).toMatch(/^[\w-]{43}$/);

  for (const site of ['same-site', 'cross-site', 'none']) {
    const foreign = await fetch(`${url}/roles.json`, { headers: { 'sec-fetch-site': site } });
    expect(await foreign.text()).not.toContain(gateway.token);
  }

  const query = (authorization: string) =>
    fetch(`http://127.0.0.1:${gateway.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: '{ boxes { id } }' }),
    });
  expect((await query('')).status).toBe(401);
  const seen = await query(`Bearer ${gateway.token}`);
  expect(await seen.json()).toEqual({ data: { boxes: [{ id: 'hq-lobby' }] } });

  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  expect(output).not.toContain(gateway.token);
});

test('says in one line that the port is taken', async () => {
  const first = start('0');
  const url = await printed(first.stdout, /Event wall\s+(\S+)/);
  const second = start(new URL(url).port);
  const [line] = await Promise.all([printed(second.stderr, /(.*)\n/), once(second, 'exit')]);
  expect(line).toMatch(/^start: port \d+ is taken/);
  expect(second.exitCode).toBe(1);
});

test('says what a wrong option may be', async () => {
  const child = start('0', {}, '--rate', 'fast');
  expect(await printed(child.stderr, /(.*)\n/)).toBe(
    'start: --rate is "fast"; it must be a number from 0 to 1000',
  );
});

test('serves the page where its output goes to a full disk, and stops on SIGTERM', async () => {
  const simulator = await startSimulator();
  const port = simulator.apiPort;
  await simulator[Symbol.asyncDispose]();
  await using full = await open('/dev/full', 'w');
  const child = spawn(process.execPath, ['--conditions=@se5/source', main], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', full.fd, full.fd],
  });
  children.push(child);
  const exited = once(child, 'exit');
  const isServed = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => pause(50, false),
    );
  while (child.exitCode === null && !(await isServed()));
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('SIGTERM to npx alone ends all that it started', async () => {
  const env = { ...process.env, PORT: '0' };
  await using demo = new FirstProcess('npx -y pnpm@10.34.9 start'.split(' '), env);
  await demo.printed(/Event wall\s+(\S+)/);
  expect(await demo.end('SIGTERM')).toBe(0);
});

test('says in one line that a cluster needs a nats-server', async () => {
  const child = start('0', { NATS_SERVER_PATH: '/nowhere/nats-server' }, '--cluster');
  const [line] = await Promise.all([printed(child.stderr, /(.*)\n/), once(child, 'exit')]);
  expect(line).toMatch(/^start: NATS_SERVER_PATH: .* install nats-server .* or newer/);
  expect(child.exitCode).toBe(1);
});

test.skipIf(natsTestsAreSkipped())(
  'says in one line that a port of a cluster is taken, and ends',
  async () => {
    const first = start('0');
    const { port } = new URL(await printed(first.stdout, /Event wall\s+(\S+)/));
    const second = start(String(Number(port) - 1), {}, '--cluster');
    const [line] = await Promise.all([printed(second.stderr, /(.*)\n/), once(second, 'exit')]);
    expect(line).toMatch(
      /^start: port \d+ is taken by another process; --cluster takes PORT and the next two, so /,
    );
    expect(second.exitCode).toBe(1);
  },
);
