import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countListeners } from '../support/directory.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { published } from '../support/inside.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { until } from '../support/until.ts';

const EVENTS = 'subscription { recognitionEvents { identityId } }';

describe('a WebSocket', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it.each([
    [4400, 'what is no message', 'hello'],
    [1009, 'a message above 1 MiB', 'x'.repeat(1024 * 1024 + 1)],
  ])('is closed with %d when it sends %s', async (code, _, message) => {
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    socket.send(message);
    expect(await socket.closeCode).toBe(code);
  });

  it('is closed with 4406 when it does not speak graphql-transport-ws', async () => {
    await using socket = await RawSocket.open(gateway.webSocketUrl, {}, []);
    expect(await socket.closeCode).toBe(4406);
  });

  it.each([
    ['reserved bits', 'b180beefbeef', 1002, /^BAD_REQUEST: /],
    ['an unknown opcode', '8380beefbeef', 1002, /^BAD_REQUEST: /],
    ['no mask', '810161', 1002, /^BAD_REQUEST: /],
    ['a continuation of nothing', '8080beefbeef', 1002, /^BAD_REQUEST: /],
    ['text that is not UTF-8', '818100000000ff', 1007, /^BAD_REQUEST: /],
    [
      'a length above the limit',
      '81ff0000000000100001beefbeef',
      1009,
      /^REQUEST_ENTITY_TOO_LARGE: /,
    ],
  ])('is closed with a code in its reason after %s', async (_, frame, code, reason) => {
    await using socket = await gateway.connect();
    const closed = once(socket.socket, 'close');
    socket.write(Buffer.from(frame, 'hex'));
    const [closeCode, closeReason] = await closed;
    expect([closeCode, String(closeReason)]).toEqual([code, expect.stringMatching(reason)]);
  });

  it('is closed with 1008 for more fragments than a message may have', async () => {
    await using socket = await gateway.connect();
    const closed = once(socket.socket, 'close');
    const fragment = Buffer.from('0080beefbeef', 'hex');
    const fragments = Array.from({ length: 16_384 }, () => fragment);
    socket.write(Buffer.concat([Buffer.from('0180beefbeef', 'hex'), ...fragments]));
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1008, expect.stringMatching(/^REQUEST_ENTITY_TOO_/)]);
  });

  it('is told why it is closed while it sends on', async () => {
    await using socket = await gateway.connect();
    const closed = once(socket.socket, 'close');
    socket.socket.send(Buffer.alloc(16 * 1024 * 1024));
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1009, expect.stringMatching(/^REQUEST_ENTITY_TOO_/)]);
  });

  it.each([
    ['a frame that stops in the middle', Buffer.from('8185beefbeef01', 'hex')],
    ['a header that stops in the middle', Buffer.from('81', 'hex')],
    ['a fragment without a last one', Buffer.from('0182beefbeef0101', 'hex')],
  ])('is closed with 4408 for %s', async (_, bytes) => {
    await using impatient = await ServedGraphQL.start({ messageTimeoutMs: 100 });
    await using socket = await impatient.connect();
    const closed = once(socket.socket, 'close');
    socket.write(bytes);
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([4408, expect.stringMatching(/^REQUEST_TIMEOUT: /)]);
    await until(() => impatient.websocket.sockets.size === 0);
  });

  it('is closed with 4408 when only pings follow a fragment', async () => {
    await using impatient = await ServedGraphQL.start({ messageTimeoutMs: 100 });
    await using socket = await impatient.connect();
    socket.socket.send('{', { fin: false });
    const ping = () => {
      if (socket.socket.readyState === socket.socket.OPEN) socket.socket.ping();
    };
    socket.socket.on('pong', ping);
    ping();
    expect(await socket.closeCode).toBe(4408);
  });

  it('is not closed for an unfinished message while it is not read', async () => {
    await using impatient = await ServedGraphQL.start({ messageTimeoutMs: 100 });
    const fragment = Buffer.from('0182beefbeef0101', 'hex');
    await using socket = await impatient.connect();
    const [client] = impatient.websocket.sockets;
    if (client === undefined) throw new Error('there is no socket');
    const held = new Promise<Disposable>((resolve) => {
      client.stream.once('data', () => resolve(client.hold()));
    });
    socket.write(fragment);
    const hold = await held;
    await using later = await impatient.connect();
    later.write(fragment);
    expect(await later.closeCode).toBe(4408);
    expect(client.isOpen).toBe(true);
    hold[Symbol.dispose]();
    expect(await socket.closeCode).toBe(4408);
  });

  it('is served when it sends its message byte by byte, with pings between fragments', async () => {
    await using socket = await gateway.connect();
    const text = JSON.stringify({ type: 'ping', payload: { a: 'é' } });
    for (const byte of Buffer.from(text)) {
      socket.socket.send(Buffer.from([byte]), { binary: false, fin: false });
      socket.socket.ping();
      await once(socket.socket, 'pong');
    }
    socket.socket.send('', { fin: true });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { a: 'é' } });
  });

  it('is given up when it answers none of three pings', async () => {
    await using impatient = await ServedGraphQL.start({ keepAliveMs: 10 });
    await using socket = await impatient.connect({ autoPong: false });
    socket.subscribe('1', EVENTS);
    await until(() => impatient.subscribers === 1);
    expect(await socket.closeCode).toBe(1006);
    await until(() => impatient.subscribers === 0);
  });

  it('is sent nothing behind its close', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    const { client, writes } = gateway.watchWrites();
    client.close(4000, 'enough');
    expect(writes).toHaveLength(1);
    await gateway.inside.events(3);
    await published();
    expect(await socket.closeCode).toBe(4000);
    expect(writes).toHaveLength(1);
  });

  it('leaves nothing behind when it goes: 1,000 that come and go', async () => {
    let listening: ReturnType<typeof countListeners> | undefined;
    await using watched = await ServedGraphQL.start({
      directory: (inside) => {
        listening = countListeners(inside);
        return listening.directory;
      },
    });
    const come = async () => {
      const socket = await watched.connect();
      socket.subscribe('1', EVENTS);
      socket.subscribe('2', 'subscription { boxStatus { id } }');
      return socket;
    };
    for (let round = 0; round < 5; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 200 }, come));
      await until(() => watched.subscribers === 200 && listening?.listeners === 400);
      await watched.inside.event();
      for (const [index, { socket }] of sockets.entries()) {
        if (index % 2 === 0) socket.terminate();
        else socket.close();
      }
      await Promise.all(sockets.map(({ closeCode }) => closeCode));
      await until(() => watched.subscribers === 0 && listening?.listeners === 0);
    }
    expect(watched.websocket.sockets.size).toBe(0);
  });

  it('is closed with 1012 when the gateway goes away, and none of its subscriptions as complete', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    await gateway.websocket[Symbol.asyncDispose]();
    expect(await socket.closeCode).toBe(1012);
    expect(socket.received.map(({ type }) => type)).not.toContain('complete');
    expect(gateway.subscribers).toBe(0);
  });
});
