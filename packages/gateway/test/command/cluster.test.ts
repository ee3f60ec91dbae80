import { natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TestCluster } from '../support/cluster.ts';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { freePort } from '../support/free-port.ts';
import { configText } from '../support/gateways.ts';

const fileWith = (nats: object, more: object = {}) =>
  configFile(configText([], { journal: { nats }, cluster: { name: 'a' }, ...more }));

async function outcome(args: readonly string[]) {
  await using command = new Command(args);
  const code = await command.exitCode();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const outputSchema = z.object({
  gateways: z.array(z.object({ name: z.string(), boxes: z.int() })),
  boxes: z.array(
    z.object({ id: z.string(), gateway: z.string().nullable(), since: z.string().nullable() }),
  ),
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
});

describe.skipIf(natsTestsAreSkipped())('the command cluster', () => {
  it('prints gateways and boxes, as tables and as JSON, and exits with 2 when something looks wrong', async () => {
    await using server = await startNatsServer();
    await using simulator = await startSimulator();
    await using cluster = await TestCluster.of([server], [simulator]);
    // What a cluster does not need is not read: this variable is not set.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the file says.
    const access = { token: '${SE5_NO_SUCH_TOKEN}' };
    await using file = await configFile(
      configText([simulator], { journal: { nats: { servers: [server.url] } }, access }),
    );
    const args = ['cluster', '--config', file.path];

    const nothing = await outcome([...args, '--json']);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toMatch(
      /^looks wrong: no gateway shares the stream se5: nobody listens to any box\nlooks wrong: [^\n]*\n$/,
    );
    expect(outputSchema.parse(JSON.parse(nothing.stdout))).toMatchObject({
      gateways: [],
      boxes: [{ id: 'box-1', gateway: null, since: null }],
      problems: [{ code: 'NO_GATEWAY' }, { code: 'STREAM_MISSING' }],
    });

    await cluster.start('a');
    await simulator.until(({ connections }) => connections === 1);
    let tables = await outcome(args);
    while (tables.code !== 0) tables = await outcome(args);
    expect(tables.stderr).toBe('');
    expect(tables.stdout).toMatch(/^gateway +version +state +boxes +behind +waiting\na +\d/);
    expect(tables.stdout).toMatch(/^box-1 +a +LIVE +\d{4}-\d\d-\d\dT[\d:.]+Z$/m);
    expect(tables.stdout).toMatch(/^se5_pictures +1 +1 +0 +0$/m);
    expect(tables.stdout).toMatch(/\n\nNothing looks wrong\.\n$/);
  });

  it('says in one line that the password is wrong', async () => {
    const authorization = { user: 'u', password: 'right' };
    await using server = await startNatsServer({ config: { authorization } });
    await using file = await fileWith({ servers: [server.url], user: 'u', password: 'wrong' });
    for (const args of [
      ['cluster', '--config', file.path],
      ['--config', file.path],
    ]) {
      const { code, stderr } = await outcome(args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'NATS does not accept the credentials; set journal.nats.credentials, user and password, or token\n',
      });
    }
  });

  it('says in one line that NATS has no JetStream', async () => {
    await using server = await startNatsServer({ config: { jetstream: { enabled: false } } });
    await using file = await fileWith({ servers: [server.url] });
    for (const args of [
      ['cluster', '--config', file.path],
      ['--config', file.path],
    ]) {
      const { code, stderr } = await outcome(args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'NATS runs without JetStream, or without it for this account; enable it there\n',
      });
    }
  });

  it('says in one line why JetStream can’t have the stream', async () => {
    await using server = await startNatsServer();
    await using file = await fileWith({ servers: [server.url], replicas: 3 });
    const { code, stderr } = await outcome(['--config', file.path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'JetStream refuses the stream se5: replicas > 1 not supported in non-clustered mode; journal.nats.replicas needs as many servers in one NATS cluster\n',
    });
  });

  it('says in one line that NATS does not answer, and does not wait for it', async () => {
    await using server = await startNatsServer();
    server.suspend();
    await using file = await fileWith({ servers: [server.url] });
    const { code, stderr } = await outcome(['cluster', '--config', file.path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `no NATS server can be reached: ${server.url} (no answer within 2000 ms)\n`,
    });
  });

  it('says in one line that the user may not listen to the gateways', async () => {
    const permissions = { publish: ['$JS.API.>'], subscribe: ['_INBOX.>'] };
    const users = [{ user: 'u', password: 'p', permissions }];
    await using server = await startNatsServer({ config: { authorization: { users } } });
    await using file = await fileWith({ servers: [server.url], user: 'u', password: 'p' });
    const { code, stderr } = await outcome(['cluster', '--config', file.path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^NATS does not allow (subscribing|publishing) to se5_cluster\.\w+; give the user [^\n]*\n$/,
    );
  });
});

it('says in one line that a file has no cluster, and which files NATS needs', async () => {
  await using alone = await configFile(configText([]));
  expect(await outcome(['cluster', '--config', alone.path])).toEqual({
    code: 1,
    stdout: '',
    stderr: `${alone.path}: journal.nats is missing, so this is no cluster\n`,
  });
  await using file = await fileWith({ servers: ['nats://127.0.0.1'], credentials: '/no.creds' });
  expect(await outcome(['--config', file.path, '--check'])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      '/no.creds can’t be read; set journal.nats.credentials to a file that this user may read\n',
  });
});

describe.skipIf(natsTestsAreSkipped())('a gateway that starts before NATS', () => {
  it('says that it waits, and starts when NATS is there', async () => {
    const port = await freePort();
    await using file = await fileWith({ servers: [`nats://127.0.0.1:${port}`] });
    await using command = new Command(['--config', file.path]);
    const { msg, level } = await command.logged(({ msg }) => msg.includes('waits for NATS'));
    expect(level).toBe('warn');
    expect(msg).toBe(
      `the gateway can’t start yet, and waits for NATS: no NATS server can be reached: nats://127.0.0.1:${port} (ECONNREFUSED)`,
    );
    await using _server = await startNatsServer({ port });
    await command.url();
  });

  it('stops on SIGTERM while it waits: exit 0, not cut short', async () => {
    await using file = await fileWith({ servers: [`nats://127.0.0.1:${await freePort()}`] });
    await using command = new Command(['--config', file.path]);
    await command.logged(({ msg }) => msg.includes('waits for NATS'));
    command.kill('SIGTERM');
    expect(await command.exitCode()).toBe(0);
    expect(command.log.map(({ msg }) => msg)).toContain('stopped');
    expect(command.stderr).toBe('');
  });
});
