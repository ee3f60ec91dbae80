import { existsSync, readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { natsTestsAreSkipped, startNatsServer } from '../src/index.ts';
import { connected } from './client.ts';

describe.skipIf(natsTestsAreSkipped())('a nats-server', () => {
  test('has its messages after it was killed and restarted', async () => {
    await using server = await startNatsServer();
    const client = await connected(server.url);
    const manager = await jetstreamManager(client);
    await manager.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
    await jetstream(client).publish('events.hq-lobby', 'opened');

    const firstPid = server.pid;
    await server.kill();
    expect(server.isRunning).toBe(false);
    await server.restart();
    expect(server.pid).not.toBe(firstPid);

    const { streams } = await jetstreamManager(await connected(server.url));
    const message = await streams.getMessage('EVENTS', { last_by_subj: 'events.hq-lobby' });
    expect(message?.string()).toBe('opened');
  });

  test('answers nothing while it is suspended', async () => {
    await using server = await startNatsServer();
    const client = await connected(server.url);
    server.suspend();
    await expect.poll(() => stateOf(server.pid)).toBe('T');
    let isAnswered = false;
    const answer = client.flush().then(() => {
      isAnswered = true;
    });
    expect(isAnswered).toBe(false);
    server.resume();
    await answer;
  });

  test('takes settings, those of JetStream one by one', async () => {
    await using server = await startNatsServer({
      name: 'hq',
      config: { max_payload: 4_096, jetstream: { sync_interval: 'always' } },
    });
    const { info } = await connected(server.url);
    expect(info).toMatchObject({ server_name: 'hq', max_payload: 4_096, jetstream: true });
    const answer = await fetch(`${server.monitoringUrl}/jsz`);
    expect(await answer.json()).toMatchObject({
      config: { sync_always: true, store_dir: join(server.storeDir, 'jetstream') },
    });
  });

  test('is gone with its folder after it was disposed of', async () => {
    const server = await startNatsServer();
    server.suspend();
    await server[Symbol.asyncDispose]();
    expect(server.isRunning).toBe(false);
    expect(existsSync(server.storeDir)).toBe(false);
  });

  test('leaves a store in place that it was given', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'nats-store-'));
    {
      await using _server = await startNatsServer({ storeDir: folder.path });
    }
    expect(existsSync(join(folder.path, 'jetstream'))).toBe(true);
  });

  test('says what it logged when it does not start', async () => {
    await using server = await startNatsServer();
    await expect(startNatsServer({ port: server.port })).rejects.toThrow(/address already in use/);
    await expect(startNatsServer({ config: { max_payload: 'much' } })).rejects.toThrow(
      /nats-server\.conf:1/,
    );
  });
});

/** E.g. `S` while it sleeps, `T` while it is stopped; see proc_pid_stat(5). */
const stateOf = (pid: number): string | undefined =>
  /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
