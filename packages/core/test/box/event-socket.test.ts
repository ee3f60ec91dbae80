import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { EventSocket } from '../../src/box/event-socket.ts';
import type { BoxError } from '../../src/protocol/errors.ts';

/** A server that sends a message every so often, and reads nothing before it has sent so many. */
async function serveSlowly(everyMs: number, unreadFor = Number.POSITIVE_INFINITY) {
  await using opened = new AsyncDisposableStack();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  opened.defer(() => {
    server.close();
  });
  let connections = 0;
  server.on('connection', (socket: WebSocket) => {
    connections += 1;
    socket.pause();
    let sent = 0;
    // clock: how slowly the server sends; a test waits for what it sends.
    const timer = setInterval(() => {
      socket.send('event');
      sent += 1;
      if (sent === unreadFor) socket.resume();
    }, everyMs);
    socket.on('close', () => clearInterval(timer));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stack = opened.move();
  return {
    options: { url: `ws://127.0.0.1:${port}`, connectTimeoutMs: 60_000, maxMessageBytes: 1_000 },
    connections: () => connections,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const record = () => {
  const messages: string[] = [];
  const errors: BoxError[] = [];
  return {
    messages,
    errors,
    message: (data: Buffer) => void messages.push(data.toString()),
    frame: () => undefined,
    pong: () => undefined,
    ended: (error: BoxError) => void errors.push(error),
  };
};

/** A server that opens a WebSocket with lone LFs, and sends one message at once. */
async function serveWithLoneLineFeeds(message: string) {
  await using opened = new AsyncDisposableStack();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const key = /sec-websocket-key: (.*)\r\n/i.exec(String(head))?.[1];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
      const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'];
      lines.push('Connection: Upgrade', `Sec-WebSocket-Accept: ${accept.digest('base64')}`);
      socket.write(`${lines.join('\n')}\n\n`);
      socket.write(Buffer.concat([Buffer.from([0x81, message.length]), Buffer.from(message)]));
    });
  }).listen(0, '127.0.0.1');
  opened.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stack = opened.move();
  const url = `ws://127.0.0.1:${port}`;
  return { url, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('EventSocket', () => {
  it('opens to a server that ends the lines of its handshake with lone LFs', async () => {
    await using server = await serveWithLoneLineFeeds('event');
    const seen = record();
    const heard = Promise.withResolvers<string>();
    const handlers = { ...seen, message: (data: Buffer) => heard.resolve(data.toString()) };
    const options = { url: server.url, connectTimeoutMs: 60_000, maxMessageBytes: 1_000 };
    await using socket = new EventSocket(options, handlers, new AbortController().signal);
    await socket.opened;
    expect(seen.errors).toEqual([]);
    expect(await heard.promise).toBe('event');
  });

  it('does not open when it is stopped before it begins', async () => {
    await using slow = await serveSlowly(1_000);
    const seen = record();
    await using socket = new EventSocket(slow.options, seen, AbortSignal.abort());
    await socket.opened;
    expect(seen.errors.map(({ code }) => code)).toEqual(['CLOSED']);
    await socket[Symbol.asyncDispose]();
    expect(slow.connections()).toBe(0);
  });

  it('hears all that is on its way when it is drained, however long it takes', async () => {
    await using slow = await serveSlowly(600, 3);
    const seen = record();
    const { signal } = new AbortController();
    await using socket = new EventSocket(slow.options, seen, signal);
    await socket.opened;
    await socket.drain();
    expect(seen.messages).toEqual(['event', 'event', 'event']);
    expect(seen.errors).toHaveLength(1);
  });

  it('is drained no longer when it is stopped', async () => {
    await using slow = await serveSlowly(300);
    const stop = new AbortController();
    const seen = record();
    await using socket = new EventSocket(slow.options, seen, stop.signal);
    await socket.opened;
    const drained = socket.drain();
    stop.abort();
    await drained;
    expect(seen.errors).toHaveLength(1);
  });
});
