import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { createHttpTransport } from '../../src/transport/http.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { WEBSOCKET_HANDSHAKE } from '../support/http.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { onTheWire } from '../support/wire.ts';

const REQUEST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}';
const LAST_REQUEST = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const REQUESTS = 20_000;
/** As much as the server reads at once. */
const READ_BYTES = 65_536;

it('reads no more of a connection than two reads while its requests wait for their answers', async () => {
  let waiting = 0;
  let mostWaiting = 0;
  let turn: Promise<void> = Promise.resolve();
  await using server = await startTestServer({
    request: (request, response) => {
      waiting += 1;
      mostWaiting = Math.max(mostWaiting, waiting);
      response.once('close', () => {
        waiting -= 1;
      });
      request.resume();
      // One in each turn of the event loop: slower than requests come.
      request.once('end', () => {
        turn = turn.then(() => nextTurn()).then(() => void response.end());
      });
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  socket.resume();
  await once(socket, 'connect');
  socket.write(REQUEST.repeat(REQUESTS) + LAST_REQUEST);
  await once(socket, 'close');
  expect(mostWaiting).toBeLessThan(2 * (READ_BYTES / REQUEST.length) + 17);
});

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const CONNECT = 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n';
const UPGRADE = `GET / HTTP/1.1\r\nHost: a\r\n${Object.entries(WEBSOCKET_HANDSHAKE)
  .map((header) => `${header.join(': ')}\r\n`)
  .join('')}\r\n`;

it('closes all responses of a connection on which CONNECT came behind requests', async () => {
  let requests = 0;
  let closed = 0;
  const gone = Promise.withResolvers<void>();
  await using server = await startTestServer({
    request: ({ socket }, response) => {
      requests += 1;
      if (requests === 1) socket.once('close', gone.resolve);
      response.once('close', () => {
        closed += 1;
      });
    },
  });
  expect(await onTheWire(server.port, GET.repeat(201) + CONNECT)).toEqual([]);
  await gone.promise;
  await nextTurn();
  expect({ requests, closed }).toEqual({ requests: 201, closed: 201 });
});

it('answers the offer of a WebSocket by HTTP, in its order, behind requests', async () => {
  let requests = 0;
  await using server = await startTestServer({
    request: (_request, response) => {
      requests += 1;
      const body = String(requests);
      setImmediate(() => void response.end(body));
    },
  });
  const answers = await onTheWire(server.port, GET + GET + UPGRADE);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(({ body }) => body.replace(/\r\n/g, ' '))).toEqual(
    ['1', '2', '3'].map((body) => expect.stringContaining(body)),
  );
  expect(answers.at(-1)?.headers['connection']).toBe('close');
});

const asking = (query: string, accept: string) =>
  `GET /graphql?${new URLSearchParams({ query })} HTTP/1.1\r\nHost: a\r\nAccept: ${accept}\r\n\r\n`;

it('keeps no subscriber and no unread byte of a connection that ends with CONNECT', async () => {
  await using inside = new InsideGraphQL();
  using transport = createHttpTransport(inside.graphql);
  const { unread } = inside.graphql;
  const gone = Promise.withResolvers<void>();
  await using server = await startTestServer({
    request: (request, response) => {
      request.socket.once('close', gone.resolve);
      void transport.handle(request, response, OPEN_VIEWER);
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  const stream = asking('subscription { recognitionEvents { id } }', 'text/event-stream');
  socket.write(stream.repeat(3) + asking('{ sites { id } }', 'application/json').repeat(2));
  await until(() => inside.subscribers === 3 && unread.bytes > 0);
  socket.resume();
  socket.write(CONNECT);
  await gone.promise;
  await nextTurn();
  await until(() => inside.subscribers === 0);
  expect(unread.bytes).toBe(0);
});

const BROKEN_POST =
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n\r\n';

it('writes no error into an answer that is under way', async () => {
  await using server = await startTestServer({
    request: (request, response) => {
      request.resume();
      if (request.method === 'GET') response.writeHead(200).write('begun');
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(GET);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.write(BROKEN_POST);
  const rest = await text(socket).catch(() => '');
  expect(first.toString() + rest).not.toContain('HTTP/1.1 400');
});

it('tells of an error when no other answer is due', async () => {
  await using server = await startTestServer({ request: (request) => void request.resume() });
  const answers = await onTheWire(server.port, BROKEN_POST);
  expect(answers.map(({ status }) => status)).toEqual([400]);
});
