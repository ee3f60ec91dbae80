import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { DEFAULT_SLOW_CLIENTS } from '../../src/config/slow-clients.ts';
import { Framer } from '../../src/fanout/framing.ts';
import { Outbox } from '../../src/fanout/outbox.ts';
import type { Position } from '../../src/journal/journal.ts';
import { SharedTimeout } from '../../src/shared-timeout.ts';
import { WEBSOCKET_FRAMING } from '../../src/transport/websocket-framing.ts';
import { until } from '../support/until.ts';

const NOTHING = Buffer.alloc(0);

/** An outbox that writes to a client of `ws`, which refuses any frame that is not right. */
async function open() {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  const stalls = new SharedTimeout<Outbox>(30_000, () => {});
  const outbox = Promise.withResolvers<Outbox>();
  const accepted = Promise.withResolvers<WebSocket>();
  http.on('upgrade', (request, stream, head) =>
    server.handleUpgrade(request, stream, head, (socket) => {
      const host = {
        stream,
        get isOpen() {
          return socket.readyState === socket.OPEN;
        },
        stalled: () => {},
      };
      const framer = new Framer(WEBSOCKET_FRAMING);
      const settings = { framer, budget: DEFAULT_SLOW_CLIENTS, stalls };
      outbox.resolve(new Outbox(host, settings));
      accepted.resolve(socket);
    }),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const messages: string[] = [];
  client.on('message', (data: Buffer, isBinary) => {
    if (isBinary) throw new Error('a binary message');
    messages.push(data.toString('utf8'));
  });
  await once(client, 'open');
  return {
    outbox: await outbox.promise,
    socket: await accepted.promise,
    client,
    messages,
    async [Symbol.asyncDispose]() {
      stalls[Symbol.dispose]();
      client.terminate();
      await Promise.all([once(http.close(), 'close'), once(await accepted.promise, 'close')]);
    },
  };
}

/** So many bytes of UTF-8, in so many parts. */
function textOf(byteLength: number, parts: number): Buffer[] {
  const text = Buffer.from('é'.repeat(byteLength / 2) + 'x'.repeat(byteLength % 2));
  const size = Math.ceil(byteLength / parts);
  return Array.from({ length: parts }, (_, index) =>
    text.subarray(index * size, (index + 1) * size),
  );
}

describe('frames of WebSocket', () => {
  let given: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    given = await open();
  });
  afterAll(() => given[Symbol.asyncDispose]());

  const send = (byteLength: number, parts = 1): string => {
    const event = { parts: textOf(byteLength, parts), byteLength, hasPictures: parts > 1 };
    given.outbox.event(NOTHING, { ...event, position: 1 as Position }, NOTHING);
    return Buffer.concat(event.parts).toString('utf8');
  };
  const read = async (count: number): Promise<string[]> => {
    while (given.messages.length < count) await once(given.client, 'message');
    return given.messages.splice(0);
  };

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1_000_000])(
    'carry a message of %d bytes',
    async (byteLength) => {
      const sent = [send(byteLength), send(byteLength, 3)];
      given.outbox.flush();
      expect(await read(2)).toEqual(sent);
    },
  );

  it('carry whatever comes, in one write or in many, large and small together', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            byteLength: fc.oneof(
              fc.integer({ min: 0, max: 300 }),
              fc.integer({ min: 65_400, max: 65_700 }),
              fc.integer({ min: 10_000, max: 20_000 }),
            ),
            parts: fc.integer({ min: 1, max: 7 }),
            flush: fc.boolean(),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        async (messages) => {
          const sent = messages.map(({ byteLength, parts, flush }) => {
            const text = send(byteLength, parts);
            if (flush) given.outbox.flush();
            return text;
          });
          given.outbox.flush();
          expect(await read(sent.length)).toEqual(sent);
        },
      ),
      { numRuns: 30 },
    ));

  it('are not broken by the frames that ws writes between them', async () => {
    let pongs = 0;
    given.client.on('pong', () => {
      pongs += 1;
    });
    let pinged = 0;
    given.socket.on('pong', () => {
      pinged += 1;
    });
    const sent: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      given.client.ping();
      given.socket.ping();
      sent.push(send(100_000, 5), send(10));
      given.outbox.flush();
      given.socket.ping();
      if (round % 5 === 0) await new Promise(setImmediate);
    }
    expect(await read(100)).toEqual(sent);
    await until(() => pongs === 50 && pinged === 100);
  });
});
