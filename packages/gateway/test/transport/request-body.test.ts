import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBody } from '../../src/transport/request-body.ts';

const LIMIT = 1_000;

describe('the body of a request', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const begin = (headers: Readonly<Record<string, string>> = {}): ClientRequest => {
    const { port } = server.address() as AddressInfo;
    const options = { port, method: 'POST', headers, agent: false } as const;
    return request(options).on('error', () => {});
  };
  const arrival = async () => {
    const [incoming, response] = await once(server, 'request');
    return { incoming: incoming as IncomingMessage, response: response as ServerResponse };
  };

  it('may be as long as it may be, in whatever pieces it comes', async () => {
    const body = 'é'.repeat(LIMIT / 2);
    const outgoing = begin();
    outgoing.write(body.slice(0, 7));
    const { incoming, response } = await arrival();
    const read = readBody(incoming, LIMIT);
    outgoing.end(body.slice(7));
    expect(String(await read)).toBe(body);
    response.end();
  });

  it('may be none', async () => {
    begin().end();
    const { incoming, response } = await arrival();
    expect(await readBody(incoming, LIMIT)).toHaveLength(0);
    response.end();
  });

  it.each([
    ['says how long it is', { 'Content-Length': String(LIMIT + 1) }],
    ['does not say so', { 'Transfer-Encoding': 'chunked' }],
  ])('is too large when it is longer and %s, and can still be answered', async (_, headers) => {
    const outgoing = begin(headers);
    outgoing.write('x'.repeat(LIMIT + 1));
    const { incoming, response } = await arrival();
    expect(await readBody(incoming, LIMIT)).toBe('too large');
    response.writeHead(413).end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    outgoing.destroy();
  });

  it('is broken off when its client goes away', async () => {
    const outgoing = begin({ 'Content-Length': '100' });
    outgoing.write('{');
    const { incoming } = await arrival();
    const read = readBody(incoming, LIMIT);
    outgoing.destroy();
    expect(await read).toBe('broken off');
  });
});
