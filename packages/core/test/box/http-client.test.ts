import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HttpClient, MAX_ANSWER_BYTES } from '../../src/box/http-client.ts';
import type { BoxRequest } from '../../src/protocol/dialect.ts';
import { dialectNamed } from '../../src/protocol/dialects/index.ts';
import { BoxError } from '../../src/protocol/errors.ts';
import { openBlackHole } from './black-hole.ts';

const { readJson } = dialectNamed('v5');

const request: BoxRequest = { method: 'GET', path: '/devices', body: undefined };

/** An HTTP server that answers so, and a client for it. */
async function serve(listener: RequestListener, timeoutMs = 2_000) {
  await using opened = new AsyncDisposableStack();
  const server = createServer(listener).listen(0, '127.0.0.1');
  opened.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = opened.use(new HttpClient({ host: '127.0.0.1', port, timeoutMs, readJson }));
  const stack = opened.move();
  return { server, client, port, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const answering = (status: number, body: string | Uint8Array) =>
  serve((_request, response) => response.writeHead(status).end(body));

describe('HttpClient', () => {
  it('gives back the JSON of an answer', async () => {
    await using box = await answering(200, '{"data":{"devices_list":[]}}');
    expect(await box.client.json(request)).toEqual({ data: { devices_list: [] } });
  });

  it('sends the method, the path and the body of a request as JSON', async () => {
    await using box = await serve((incoming, response) => {
      const { method, url, headers } = incoming;
      response.write(`{"method":"${method}","url":"${url}",`);
      response.write(`"type":${JSON.stringify(headers['content-type'] ?? null)},"body":`);
      void text(incoming).then((body) => response.end(`${JSON.stringify(body)}}`));
    });
    expect(await box.client.json({ method: 'POST', path: '/v2?a=b', body: '{}' })).toEqual({
      method: 'POST',
      url: '/v2?a=b',
      type: 'application/json',
      body: '{}',
    });
    expect(await box.client.json(request)).toMatchObject({ method: 'GET', type: null, body: '' });
  });

  it('keeps its connections, and opens at most two', async () => {
    let connections = 0;
    await using box = await answering(200, '[]');
    box.server.on('connection', () => {
      connections += 1;
    });
    await Promise.all(Array.from({ length: 10 }, () => box.client.json(request)));
    for (let round = 0; round < 10; round += 1) await box.client.json(request);
    expect(connections).toBe(2);
  });

  it('throws BOX_REFUSED for the error envelope, with the code of the box, whatever the status', async () => {
    const envelope = '{"error":{"code":40003,"message":"Visitor 12","status":"PARAM_ERROR"}}';
    for (const status of [200, 400, 500]) {
      await using box = await answering(status, envelope);
      const error = await box.client.json(request).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'BOX_REFUSED', detail: { boxCode: '40003', status } });
      expect(String(error)).not.toContain('Visitor');
    }
  });

  it.each([
    ['another status', 503, '{}'],
    ['a redirection', 302, ''],
    ['a missing page', 404, 'not here'],
  ])('throws PROTOCOL with the status for %s', async (_name, status, body) => {
    await using box = await answering(status, body);
    await expect(box.client.json(request)).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: `http://127.0.0.1:${box.port}/devices answered HTTP ${status} instead of JSON with HTTP 200`,
      detail: { status },
    });
  });

  it.each([
    ['a page of HTML', '<html>Please sign in</html>'],
    ['half of an answer', '{"data":{"devices_list":[{"device_id":"ga'],
    ['nothing', ''],
  ])('throws PROTOCOL for %s and quotes nothing of it', async (_name, body) => {
    await using box = await answering(200, body);
    const error = await box.client.json(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'PROTOCOL' });
    expect(inspect(error)).not.toMatch(/sign in|devices_list/);
  });

  it('reads an answer up to the limit, and none beyond it', async () => {
    const json = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
    await using fits = await answering(200, json(MAX_ANSWER_BYTES));
    expect(await fits.client.json(request)).toHaveLength(MAX_ANSWER_BYTES - 2);
    await using tooLarge = await answering(200, json(MAX_ANSWER_BYTES + 1));
    await expect(tooLarge.client.json(request)).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: `http://127.0.0.1:${tooLarge.port}/devices answered more than ${MAX_ANSWER_BYTES} bytes`,
    });
  });

  it('throws UNREACHABLE when the port is closed', async () => {
    await using box = await answering(200, '[]');
    box.server.close();
    await expect(box.client.json(request)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(box.client.json(request)).rejects.toThrow(`http://127.0.0.1:${box.port}/devices`);
  });

  it('throws CLOSED when the connection ends before the answer does', async () => {
    await using early = await serve((_request, response) => response.destroy());
    await expect(early.client.json(request)).rejects.toMatchObject({ code: 'CLOSED' });
    await using late = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('[');
      setImmediate(() => response.destroy());
    });
    await expect(late.client.json(request)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('throws TIMEOUT when nothing is answered', async () => {
    await using box = await serve(() => undefined, 30);
    await expect(box.client.json(request)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('throws TIMEOUT when the answer trickles for longer than the bound of the whole', async () => {
    const timers: NodeJS.Timeout[] = [];
    await using box = await serve((_request, response) => {
      response.write('[');
      // clock: trickles without an end; the client's time-out is the only way out.
      timers.push(setInterval(() => response.write(' '), 5));
    }, 60);
    await expect(box.client.json(request)).rejects.toMatchObject({ code: 'TIMEOUT' });
    for (const timer of timers) clearInterval(timer);
  });

  it('throws TIMEOUT when not even the connection comes about', async () => {
    await using hole = await openBlackHole();
    await using client = new HttpClient({
      host: '127.0.0.1',
      port: hole.port,
      timeoutMs: 30,
      readJson,
    });
    await expect(client.json(request)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: `http://127.0.0.1:${hole.port}/devices did not answer within 30 ms`,
    });
  });

  it('ends what is under way when it is disposed of', async () => {
    await using box = await serve(() => undefined, 60_000);
    const asked = box.client.json(request).catch((error: unknown) => error);
    await once(box.server, 'request');
    await box.client[Symbol.asyncDispose]();
    expect(await asked).toBeInstanceOf(BoxError);
  });
});
