import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpClient, MAX_ANSWER_BYTES } from '../../src/box/http-client.ts';
import type { BoxRequest } from '../../src/protocol/dialect.ts';
import { dialectNamed } from '../../src/protocol/dialects/index.ts';

const request: BoxRequest = { method: 'GET', path: '/devices?a=b', body: undefined };
const BODY = '{"data":["gate"]}';
const LENGTH = `Content-Length: ${BODY.length}`;
const JPEG = Buffer.from('ffd8ffe000104a464946000101', 'hex');

const answerOf = (head: readonly string[], body: string | Buffer = BODY): Buffer =>
  Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);

/** A server that gives each connection that answer, in pieces, and closes it; and a client for it. */
async function serve(answer: Buffer, pieceBytes = answer.length) {
  await using opened = new AsyncDisposableStack();
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      requests.push(String(head).split('\r\n', 1).join());
      for (let at = 0; at < answer.length; at += pieceBytes) {
        socket.write(answer.subarray(at, at + pieceBytes));
      }
      socket.end();
    });
  }).listen(0, '127.0.0.1');
  opened.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { readJson } = dialectNamed('v5');
  const options = { host: '127.0.0.1', port, timeoutMs: 30_000, readJson };
  const client = opened.use(new HttpClient(options));
  const stack = opened.move();
  return { client, requests, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const OK = 'HTTP/1.1 200 OK';
const CHUNKED = 'Transfer-Encoding: chunked';
const CONTINUE = 'HTTP/1.1 100 Continue';
const SOON = 'HTTP/1.1 103 Early Hints\r\nLink: </a>';

/** An answer in these chunks. */
const inChunks = (body: string): Buffer => answerOf([OK, CHUNKED], body);

describe('an answer is read', () => {
  it.each([
    ['with lone LFs in its head', Buffer.from(`${OK}\nServer: boa\n${LENGTH}\n\n${BODY}`)],
    ['with lone LFs here and there', Buffer.from(`${OK}\r\n${LENGTH}\nServer: boa\r\n\n${BODY}`)],
    ['with its Content-Length twice', answerOf([OK, LENGTH, LENGTH])],
    ['with its Content-Length twice in one line', answerOf([OK, `${LENGTH}, ${BODY.length}`])],
    ['with an empty Content-Length', answerOf([OK, 'Content-Length: '])],
    [
      'with a Content-Length beside chunks',
      answerOf([OK, LENGTH, 'Transfer-Encoding: chunked'], `11\r\n${BODY}\r\n0\r\n\r\n`),
    ],
    ['with white space before a colon', answerOf([OK, `Content-Length : ${BODY.length}`])],
    ['with a folded line', answerOf([OK, 'Server: boa', ' 0.94', LENGTH])],
    ['with a line that is no header field', answerOf([OK, 'garbage', LENGTH])],
    ['with a control character in a header field', answerOf([OK, 'Server: \x01', LENGTH])],
    ['with a header field in Latin-1', answerOf([OK, 'Server: \xfc', LENGTH])],
    ['from a server of ICY', answerOf(['ICY 200 OK', LENGTH])],
    ['without a reason phrase', answerOf(['HTTP/1.1 200', LENGTH])],
    ['from a server of HTTP/1.0, until it closes', answerOf(['HTTP/1.0 200 OK'])],
    ['without a length, until it closes', answerOf([OK])],
    ['with empty lines behind it', answerOf([OK, LENGTH], `${BODY}\r\n\r\n`)],
    ['with empty lines before it', Buffer.from(`\r\n\n${OK}\r\n${LENGTH}\r\n\r\n${BODY}`)],
    ['with empty lines before a wrong head', Buffer.from(`\n\r\n${OK}\n${LENGTH}\n\n${BODY}`)],
    ['behind 100 Continue', answerOf([CONTINUE, '', OK, LENGTH])],
    ['behind 103 Early Hints', answerOf([SOON, '', OK, LENGTH])],
    ['behind 102, 100 and 103', answerOf(['HTTP/1.1 102 ', '', CONTINUE, '', SOON, '', OK])],
    ['behind 100 with a lone LF', Buffer.from(`${CONTINUE}\n\n${OK}\n${LENGTH}\n\n${BODY}`)],
    ['behind 100 and an empty line', answerOf([CONTINUE, '', '', OK, LENGTH, LENGTH])],
    ['in chunks behind 100', answerOf([CONTINUE, '', OK, CHUNKED], `11\r\n${BODY}\r\n0\r\n\r\n`)],
    ['with a lone LF behind a chunk size', inChunks(`11\n${BODY}\r\n0\r\n\r\n`)],
    ['with a lone LF behind a chunk', inChunks(`11\r\n${BODY}\n0\r\n\r\n`)],
    ['with a lone LF behind the last chunk size', inChunks(`11\r\n${BODY}\r\n0\n\r\n`)],
    ['with a lone LF at its end', inChunks(`11\r\n${BODY}\r\n0\r\n\n`)],
    [
      'with nothing but lone LFs',
      Buffer.from(`${OK}\n${CHUNKED}\n\n7\n{"data"\na\n:["gate"]}\n0\n\n`),
    ],
    ['with lone LFs in its trailers', inChunks(`11\n${BODY}\n0\nA: b\nC: d\n\n`)],
    ['with an extension of a chunk', inChunks(`11;a="b"\n${BODY}\r\n0;c\r\n\r\n`)],
    ['with white space around a chunk size', inChunks(`11 \r\n${BODY}\r\n0\r\n\r\n`)],
    ['of another Content-Type', answerOf([OK, 'Content-Type: image/jpeg', LENGTH])],
  ])('%s', async (_, answer) => {
    for (const pieceBytes of [answer.length, 1]) {
      await using box = await serve(answer, pieceBytes);
      expect(await box.client.json(request)).toEqual({ data: ['gate'] });
      expect(new Set(box.requests)).toEqual(new Set(['GET /devices?a=b HTTP/1.1']));
    }
  });

  it('with the tolerant connection at once when that was needed before', async () => {
    await using box = await serve(answerOf([OK, LENGTH, LENGTH]));
    for (let round = 0; round < 3; round += 1) await box.client.json(request);
    expect(box.requests).toHaveLength(4);
  });

  it('that is a picture, with its Content-Length twice', async () => {
    const length = `Content-Length: ${JPEG.length}`;
    await using box = await serve(answerOf([OK, length, length], JPEG));
    expect((await box.client.picture(request)).contentType).toBe('image/jpeg');
  });

  it.each([
    ['gzip', 'gzip', gzipSync(BODY)],
    ['gzip that is not named', '', gzipSync(BODY)],
    ['x-gzip', 'x-gzip', gzipSync(BODY)],
    ['deflate', 'deflate', deflateSync(BODY)],
    ['deflate without its wrapper', 'Deflate', deflateRawSync(BODY)],
    ['br', 'br', brotliCompressSync(BODY)],
    ['gzip in name only', 'gzip', Buffer.from(BODY)],
    ['deflate in name only', 'deflate', Buffer.from(BODY)],
  ])('compressed unasked: %s', async (_, encoding, body) => {
    const head = [OK, `Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`];
    await using box = await serve(answerOf(head, body));
    expect(await box.client.json(request)).toEqual({ data: ['gate'] });
  });

  it('in GBK, declared or not', async () => {
    const body = Buffer.concat([Buffer.from('["'), Buffer.from('c4cf', 'hex'), Buffer.from('"]')]);
    for (const type of ['application/json', 'text/html; charset=gb2312']) {
      await using box = await serve(answerOf([OK, `Content-Type: ${type}`], body));
      expect(await box.client.json(request)).toEqual(['南']);
    }
  });
});

it.each([
  ['a chunk', `11\n${BODY.slice(3)}`],
  ['a chunk size', '1'],
  ['the last chunk', `11\n${BODY}\n`],
])('an answer that ends within or before %s is CLOSED', async (_, body) => {
  await using box = await serve(answerOf([`${OK}\nServer: boa`, CHUNKED], body));
  await expect(box.client.json(request)).rejects.toMatchObject({ code: 'CLOSED' });
});

it('reads an answer in chunks, however it is cut', async () => {
  const bytes = fc.integer({ min: 1, max: 12 });
  const ends = fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, ends, async (chunkBytes, pieceBytes, [head, ...rest]) => {
      const chunks = BODY.match(new RegExp(`.{1,${chunkBytes}}`, 'g')) ?? [];
      const end = (at: number) => rest[at % rest.length] ?? '\n';
      const written = chunks.map(
        (each, at) => `${each.length.toString(16)}${end(at)}${each}${end(at + 1)}`,
      );
      const body = `${written.join('')}0${end(2)}${end(3)}`;
      const answer = Buffer.from(`${OK}${head}${CHUNKED}${head}${head}${body}`);
      await using box = await serve(answer, pieceBytes);
      expect(await box.client.json(request)).toEqual({ data: ['gate'] });
    }),
    { numRuns: 50 },
  );
});

describe('an answer is refused as PROTOCOL, with what is wrong', () => {
  it.each([
    ['two lengths', answerOf([OK, LENGTH, 'Content-Length: 5']), /CONTENT_LENGTH/],
    ['a length that is none', answerOf([OK, 'Content-Length: many']), /CONTENT_LENGTH/],
    ['a chunk size that is none', inChunks(`zz\r\n${BODY}\r\n0\r\n\r\n`), /CHUNK_SIZE/],
    ['a chunk size that is too small', inChunks(`f\n${BODY}\n0\n\n`), /HPE_/],
    ['a chunk size that does not end', inChunks('1'.repeat(100_000)), /CHUNK_SIZE/],
    ['chunks that are none', inChunks(BODY), /CHUNK_SIZE/],
    ['interim answers without an end', Buffer.alloc(1_000_000, `${CONTINUE}\r\n\r\n`), /HPE_/],
    ['no HTTP at all', Buffer.from('SSH-2.0-dropbear\r\n\r\n'), /HPE_/],
    ['a head without an end', Buffer.alloc(100_000, `${OK}\nServer: boa\n`), /HPE_/],
  ])('%s', async (_, answer, found) => {
    await using box = await serve(answer);
    await expect(box.client.json(request)).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringMatching(found),
    });
  });

  it('more than the limit once it is uncompressed, or read tolerantly', async () => {
    const long = Buffer.alloc(MAX_ANSWER_BYTES + 1, ' ');
    for (const answer of [answerOf([OK], gzipSync(long)), answerOf([OK, 'garbage'], long)]) {
      await using box = await serve(answer);
      await expect(box.client.json(request)).rejects.toMatchObject({
        code: 'PROTOCOL',
        message: expect.stringContaining(`more than ${MAX_ANSWER_BYTES} bytes`),
      });
    }
  });
});

it('sends a POST with its method, also to a box whose answers need tolerance', async () => {
  await using server = await serve(answerOf([OK, LENGTH, LENGTH]));
  const { client, requests } = server;
  await client.json(request);
  const post: BoxRequest = { method: 'POST', path: '/events', body: '{}' };
  await expect(client.json(post)).rejects.toMatchObject({ name: 'BoxError' });
  expect(requests.at(-1)).toBe('POST /events HTTP/1.1');
});
