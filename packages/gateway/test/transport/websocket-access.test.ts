import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenAccess } from '../support/access.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';

describe('a WebSocket that has to show a token', () => {
  const TOKEN = 'a-token-of-some-length';
  let guarded: ServedGraphQL;
  beforeEach(async () => {
    guarded = await ServedGraphQL.start({ access: tokenAccess(TOKEN) });
  });
  afterEach(() => guarded[Symbol.asyncDispose]());

  it.each([
    ['as the payload’s token', {}, { token: TOKEN }],
    ['as the payload’s Authorization', {}, { Authorization: `Bearer ${TOKEN}` }],
    ['in the header of the request', { Authorization: `Bearer ${TOKEN}` }, undefined],
  ])('may show it %s', async (_, headers, payload) => {
    await using socket = await RawSocket.open(guarded.webSocketUrl, { headers });
    expect(await socket.initialise(payload)).toMatchObject({ type: 'connection_ack' });
  });

  it.each([[undefined], [{ token: 'another' }], [{ token: 1 }]])(
    'is closed with 4403 for %j',
    async (payload) => {
      await using socket = await RawSocket.open(guarded.webSocketUrl);
      socket.send({ type: 'connection_init', payload });
      expect(await socket.closeCode).toBe(4403);
    },
  );

  it('is closed with 4429 when it tries a second token before the answer to the first', async () => {
    await using socket = await RawSocket.open(guarded.webSocketUrl);
    socket.atOnce(() => {
      socket.send({ type: 'connection_init', payload: { token: 'another' } });
      socket.send({ type: 'connection_init', payload: { token: TOKEN } });
    });
    expect(await socket.closeCode).toBe(4429);
    expect(socket.received).toEqual([]);
  });

  it('is closed with 1009 when it sends much before it is let in, complete or not', async () => {
    await using socket = await RawSocket.open(guarded.webSocketUrl);
    // 200 KiB of a message of 500 KiB.
    socket.socket.send(Buffer.alloc(200 * 1024), { fin: false });
    expect(await socket.closeCode).toBe(1009);
    await using admitted = await RawSocket.open(guarded.webSocketUrl);
    await admitted.initialise({ token: TOKEN });
    admitted.send({ type: 'ping', payload: { text: 'x'.repeat(200 * 1024) } });
    expect(await admitted.next(({ type }) => type === 'pong')).toBeDefined();
  });

  it('is closed with 4401 when it subscribes before it has', async () => {
    await using socket = await RawSocket.open(guarded.webSocketUrl);
    socket.subscribe('1', 'subscription { recognitionEvents { id } }');
    expect(await socket.closeCode).toBe(4401);
    expect(guarded.subscribers).toBe(0);
  });
});
