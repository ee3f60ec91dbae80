import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ClusterError } from '../../src/cluster/cluster-error.ts';
import { checkNatsFiles, connectToNats } from '../../src/cluster/connect.ts';
import type { NatsConfig, NatsLogin } from '../../src/config/config.ts';
import { freePort } from '../support/free-port.ts';
import { natsCredentials } from '../support/nats-credentials.ts';
import { until } from '../support/until.ts';

const config = (servers: readonly string[], more: Partial<NatsConfig> = {}): NatsConfig => ({
  ...{ servers, login: { kind: 'none' }, tls: undefined, stream: 'se5', replicas: 1 },
  ...more,
});

const as = (user: string, password: string): { readonly login: NatsLogin } => ({
  login: { kind: 'user', user, password },
});

const allowing = (password: string) => ({ config: { authorization: { user: 'u', password } } });

describe.skipIf(natsTestsAreSkipped())('a connection to NATS', () => {
  it('is refused without the right password', async () => {
    await using server = await startNatsServer(allowing('right'));
    const connecting = connectToNats(config([server.url], as('u', 'wrong')), 'test');
    await expect(connecting).rejects.toMatchObject({ name: 'ClusterError', code: 'NATS_REFUSED' });
  });

  it('goes to servers later that were away at its start', async () => {
    await using late = await startNatsServer();
    await late.kill();
    const server = await startNatsServer();
    await using link = await connectToNats(config([late.url, server.url]), 'test');
    await late.restart();
    await server[Symbol.asyncDispose]();
    const { host } = new URL(late.url);
    await until(() => link.isUp() && link.connection.getServer() === host);
  });

  it('comes back after its password was wrong for a while, and says so meanwhile', async () => {
    const port = await freePort();
    const run = (password: string): Promise<NatsServer> =>
      startNatsServer({ port, ...allowing(password) });
    let server = await run('right');
    const refusals: ClusterError[] = [];
    const { url } = server;
    await using link = await connectToNats(config([url], as('u', 'right')), 'test', (refusal) =>
      refusals.push(refusal),
    );
    await server[Symbol.asyncDispose]();
    server = await run('other');
    await until(() => refusals.length >= 3);
    expect(refusals.at(-1)).toMatchObject({ code: 'NATS_REFUSED' });
    await server[Symbol.asyncDispose]();
    server = await run('right');
    await until(() => link.isUp());
    await server[Symbol.asyncDispose]();
  });

  it('is made anew with the file of credentials as it is then', async () => {
    const { config: settings, newFile } = natsCredentials();
    await using server = await startNatsServer({ config: settings });
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-nats-'));
    const path = join(folder.path, 'gateway.creds');
    await writeFile(path, newFile());
    const login = { kind: 'credentials', path } as const;
    await using link = await connectToNats(config([server.url], { login }), 'test');
    const userOf = async () => {
      const answer = await link.connection.request('$SYS.REQ.USER.INFO');
      return z.object({ data: z.object({ user: z.string() }) }).parse(answer.json()).data.user;
    };
    const first = await userOf();
    await writeFile(path, newFile());
    await server.restart();
    await until(() => link.isUp());
    expect(await userOf()).not.toBe(first);
    // Those of another operator.
    await writeFile(path, natsCredentials().newFile());
    await expect(connectToNats(config([server.url], { login }), 'test')).rejects.toMatchObject({
      code: 'NATS_REFUSED',
    });
  });

  it('says which subject the user may not use', async () => {
    const permissions = { publish: ['allowed'], subscribe: ['_INBOX.>'] };
    const users = [{ user: 'u', password: 'p', permissions }];
    await using server = await startNatsServer({ config: { authorization: { users } } });
    const refusals: ClusterError[] = [];
    await using link = await connectToNats(config([server.url], as('u', 'p')), 'test', (refusal) =>
      refusals.push(refusal),
    );
    link.connection.publish('forbidden');
    await until(() => refusals.length > 0);
    expect(refusals[0]?.message).toBe(
      'NATS does not allow publishing to forbidden; give the user the permissions of docs/cluster.md',
    );
  });
});

describe('a connection to NATS where there is none', () => {
  it('fails with the reason for each address', async () => {
    await using other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    other.listen(0, '127.0.0.1');
    await until(() => other.listening);
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const [none, http] = [`nats://127.0.0.1:${await freePort()}`, `nats://127.0.0.1:${port}`];
    await expect(connectToNats(config([none, http]), 'test')).rejects.toThrow(
      `no NATS server can be reached: ${none} (ECONNREFUSED), ${http} (it is no NATS server)`,
    );
  });

  it('gives a server up that takes connections and says nothing, and leaves none open', async () => {
    const closed = Promise.withResolvers<void>();
    await using silent = createServer((socket) => {
      socket.on('error', () => {}).on('close', () => closed.resolve());
      socket.resume();
    });
    silent.listen(0, '127.0.0.1');
    await until(() => silent.listening);
    const address = silent.address();
    const url = `nats://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    await expect(connectToNats(config([url]), 'test')).rejects.toMatchObject({
      code: 'NATS_UNREACHABLE',
    });
    await closed.promise;
  });
});

describe('the files of a connection to NATS', () => {
  it('are looked at before it begins', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-nats-'));
    const path = join(folder.path, 'gateway.creds');
    const login = { kind: 'credentials', path } as const;
    const tls = { ca: join(folder.path, 'ca.pem'), cert: undefined, key: undefined };
    await expect(checkNatsFiles(config([], { tls }))).rejects.toThrow(
      `${tls.ca} can’t be read; set journal.nats.tls.ca to a file that this user may read`,
    );
    await expect(checkNatsFiles(config([], { login }))).rejects.toThrow(
      `${path} can’t be read; set journal.nats.credentials to a file that this user may read`,
    );
    await writeFile(path, 'no credentials');
    await expect(checkNatsFiles(config([], { login }))).rejects.toThrow(
      `${path} is no file of credentials for NATS; set journal.nats.credentials to a .creds file`,
    );
  });
});
