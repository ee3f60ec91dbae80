import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { TcpProxy } from '../../src/world/tcp-proxy.ts';

/** A server that says everything twice, and a client that reaches it through a proxy. */
async function stage(stack: AsyncDisposableStack) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', (data) => socket.write(`${data}${data}`));
  }).listen(0, '127.0.0.1');
  stack.defer(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = stack.use(await TcpProxy.start(() => port));
  const client = connect(proxy.port, '127.0.0.1').setEncoding('utf8');
  stack.defer(() => void client.destroy());
  return { proxy, client, ask: () => answerTo(client) };
}

async function answerTo(client: Socket): Promise<string> {
  client.write('a');
  const [answer] = (await once(client, 'data')) as [string];
  return answer;
}

it('brings through what is said, also after a stall', async () => {
  await using stack = new AsyncDisposableStack();
  const { proxy, client, ask } = await stage(stack);
  expect(await ask()).toBe('aa');
  const release = proxy.stall();
  const answered = once(client, 'data');
  client.write('b');
  release();
  expect(await answered).toEqual(['bb']);
});

it('resets connections, those that are half-open too', async () => {
  await using stack = new AsyncDisposableStack();
  const { proxy, client, ask } = await stage(stack);
  await ask();
  const reset = proxy.halfOpen('both');
  client.write('nobody reads this');
  const failed = once(client, 'error');
  reset();
  const [error] = (await failed) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});

it('holds new connections too while it stands still, and brings what they said afterwards', async () => {
  await using stack = new AsyncDisposableStack();
  const { proxy } = await stage(stack);
  const releases = [proxy.stall(), proxy.stall()];
  const late = connect(proxy.port, '127.0.0.1').setEncoding('utf8');
  stack.defer(() => void late.destroy());
  const answers: string[] = [];
  late.on('data', (answer: string) => answers.push(answer));
  late.write('a');
  await once(late, 'connect');
  const direct = await stage(stack);
  expect(await direct.ask()).toBe('aa');
  releases[0]?.();
  expect(await direct.ask()).toBe('aa');
  expect(answers).toEqual([]);
  const answered = once(late, 'data');
  releases[1]?.();
  await answered;
  expect(answers).toEqual(['aa']);
});
