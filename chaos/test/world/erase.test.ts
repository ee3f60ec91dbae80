import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { erase } from '../../src/world/erase.ts';

/** Answers one question after the other; undefined: ends instead. */
async function gateway(path: string, answers: (object | undefined)[]) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.once('data', (request) => {
      asked.push(String(request));
      const answer = answers.shift();
      socket.end(answer ? `${JSON.stringify(answer)}\n` : '');
    });
  });
  await once(server.listen(path), 'listening');
  return { server, asked };
}

async function socketPath(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'se5-erase-'));
  stack.defer(() => rm(folder, { recursive: true }));
  return join(folder, 'journal.db.sock');
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

it('asks until the gateway runs and has done it', async () => {
  await using stack = new AsyncDisposableStack();
  const path = await socketPath(stack);
  const noted = Promise.withResolvers<string>();
  const notes: string[] = [];
  const isDone = erase(path, 'somebody', new AbortController().signal, (why) => {
    notes.push(why);
    noted.resolve(why);
  });
  expect(await noted.promise).toContain('ENOENT');
  const full = { kind: 'failed', message: 'the disk is full' };
  const { server, asked } = await gateway(path, [undefined, full, full, { kind: 'done' }]);
  stack.defer(() => close(server));
  await isDone;
  expect(asked).toHaveLength(4);
  expect(JSON.parse(asked[0] ?? '')).toEqual({ kind: 'identity', identityId: 'somebody' });
  expect(notes.slice(1)).toEqual(['the gateway ended before it answered', 'the disk is full']);
});

it('says why the person was not erased in time', async () => {
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const path = await socketPath(stack);
  await expect(erase(path, 'somebody', stop.signal, () => stop.abort())).rejects.toThrow('ENOENT');
});
