import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';

describe('an answer to a request whose body has not come yet', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ config: { access: { token: 'the-right-token-of-it' } } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const request = (line: string, ...headers: readonly string[]): string =>
    [line, `Host: ${new URL(gateway.url).host}`, ...headers, '', ''].join('\r\n');

  it.each([
    ['a wrong token', 401, ['Authorization: Bearer guess', 'Content-Length: 20']],
    ['no token and chunks', 401, ['Transfer-Encoding: chunked']],
    [
      'too long a body',
      413,
      ['Authorization: Bearer the-right-token-of-it', `Content-Length: ${2 ** 30}`],
    ],
  ])('announces that the connection ends, and ends it: %s', async (_, status, headers) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(request('POST /graphql HTTP/1.1', 'Content-Type: application/json', ...headers));
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^Connection: close\r$/m);
  });

  it('leaves a connection open on which nothing else can come', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(request('GET /healthz HTTP/1.1'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^Connection: keep-alive\r$/m);
    socket.destroy();
  });
});
