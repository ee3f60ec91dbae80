import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { configText, post } from '../support/gateways.ts';
import { RawSocket } from '../support/raw-socket.ts';

const tokenOf = (name: string) => ({ name, role: 'guard', token: `the-token-of-the-${name}` });

const configured = (
  names: readonly string[],
  guard: Readonly<Record<string, unknown>> = {},
  others: Readonly<Record<string, unknown>> = {},
): string =>
  configText([], {
    access: { tokens: names.map(tokenOf), roles: { guard }, deny: './denied.txt' },
    ...others,
  });

const bearer = (name: string) => ({ Authorization: `Bearer the-token-of-the-${name}` });

async function connect(url: string, name: string) {
  const socket = await RawSocket.open(`${url.replace('http', 'ws')}/graphql`);
  await socket.initialise({ token: `the-token-of-the-${name}` });
  const closed = once(socket.socket, 'close').then(([code, reason]) => `${code} ${reason}`);
  return { socket, closed, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() };
}

it('SIGHUP puts access in force, and names what is for the next start', async () => {
  await using config = await configFile(configured(['desk', 'lobby']));
  await using command = new Command(['--config', config.path]);
  const url = await command.url();
  await using kept = await connect(url, 'desk');
  await using gone = await connect(url, 'lobby');
  const query = encodeURIComponent('subscription { boxStatus { id } }');
  const stream = await fetch(`${url}/graphql?query=${query}`, {
    headers: { ...bearer('lobby'), Accept: 'text/event-stream' },
  });

  await writeFile(
    config.path,
    configured(
      ['desk', 'gate'],
      {},
      {
        ...{ lagWarning: '3s', hosts: ['x'] },
        watch: [{ id: 'anybody', title: 'Anybody' }],
      },
    ),
  );
  command.kill('SIGHUP');
  const { restart } = await command.logged(({ msg }) => msg.startsWith('restart to apply'));
  expect(restart).toEqual(['hosts', 'lagWarning']);
  expect(await gone.closed).toBe('4403 UNAUTHENTICATED: This token is not taken any more');
  const ended = await stream.text().catch(() => 'broken off');
  expect(ended).not.toContain('event: complete');
  expect((await post(url, '{ cursor }', bearer('lobby'))).status).toBe(401);
  expect((await post(url, '{ cursor }', bearer('gate'))).status).toBe(200);
  await kept.socket.untilHeard();

  await writeFile(config.path, configured(['desk'], { fields: ['face'] }));
  command.kill('SIGHUP');
  expect(await kept.closed).toMatch(/^1012 RIGHTS_CHANGED: /);
});

it('SIGHUP with a file that is wrong changes nothing, and all its problems are logged', async () => {
  await using config = await configFile(configured(['desk']));
  await using command = new Command(['--config', config.path]);
  const url = await command.url();
  await using kept = await connect(url, 'desk');
  await writeFile(config.path, configured(['gate'], { fields: ['hair'] }, { nonsense: 1 }));
  command.kill('SIGHUP');
  const { msg } = await command.logged(({ level }) => level === 'error');
  expect(msg).toContain('nothing has changed');
  expect(msg).toContain('access.roles.guard.fields[0]');
  expect(msg).toContain('nonsense');
  expect(msg).not.toContain('the-token-of');
  expect((await post(url, '{ cursor }', bearer('gate'))).status).toBe(401);
  await kept.socket.untilHeard();
});

it('SIGHUP does not open a gateway that asks for credentials', async () => {
  await using config = await configFile(configured(['desk']));
  await using command = new Command(['--config', config.path]);
  const url = await command.url();
  await writeFile(config.path, configText([]));
  command.kill('SIGHUP');
  const { restart } = await command.logged(({ msg }) => msg.startsWith('restart to apply'));
  expect(restart).toEqual(['access']);
  expect((await post(url, '{ cursor }')).status).toBe(401);
});

it('a token that the deny list names is ended without a signal', async () => {
  await using config = await configFile(configured(['desk']));
  await using command = new Command(['--config', config.path]);
  const url = await command.url();
  await using denied = await connect(url, 'desk');
  await writeFile(join(dirname(config.path), 'denied.txt'), 'desk\n');
  expect(await denied.closed).toBe('4403 UNAUTHENTICATED: This token is not taken any more');
  expect((await post(url, '{ cursor }', bearer('desk'))).status).toBe(401);
});
