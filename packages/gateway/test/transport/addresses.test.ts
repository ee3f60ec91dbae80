import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { OpenByAddress } from '../../src/transport/addresses.ts';
import { forwardedFor } from '../../src/transport/forwarded.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { until } from '../support/until.ts';

/** A request by way of proxies, as far as addresses are concerned. */
const from = (remoteAddress: string, ...forwarded: string[]) =>
  ({
    socket: { remoteAddress },
    headers: forwarded.length > 0 ? { 'x-forwarded-for': forwarded.join(', ') } : {},
  }) as unknown as IncomingMessage;

/** The same by a proxy that writes `Forwarded`. */
const forwarded = (remoteAddress: string, header: string, ...others: string[]) => {
  const request = from(remoteAddress, ...others);
  request.headers.forwarded = header;
  return request;
};

describe('what is open from an address', () => {
  const open = (proxies: readonly string[] = []) =>
    new OpenByAddress({ socketsPerAddress: 1, proxies });

  it.each([
    ['the peer', from('192.0.2.1'), from('192.0.2.1')],
    ['an IPv4 address in IPv6', from('::ffff:192.0.2.1'), from('192.0.2.1')],
    ['a /64', from('2001:db8:1:2::1'), from('2001:0DB8:1:2:3:4:5:6')],
    [
      'whom a proxy on this machine names',
      from('127.0.0.1', '192.0.2.1'),
      from('::1', '192.0.2.1'),
    ],
    ['whom a trusted proxy names', from('10.0.0.1', '192.0.2.1'), from('192.0.2.1')],
    [
      'the last that is no proxy',
      from('10.0.0.1', 'forged', '192.0.2.1', '10.0.0.2'),
      from('192.0.2.1'),
    ],
    ['the peer, whatever it says', from('192.0.2.1', '198.51.100.1'), from('192.0.2.1')],
    ['any port', from('10.0.0.1', '192.0.2.1:50001'), from('10.0.0.1', '192.0.2.1:50002')],
    ['any port of IPv6', from('10.0.0.1', '[2001:db8::1]:443'), from('2001:db8::2')],
    ['an empty port', from('10.0.0.1', '192.0.2.1:'), from('192.0.2.1')],
    ['an empty port of IPv6', from('10.0.0.1', '[2001:db8::1]:'), from('2001:db8::2')],
    ['a proxy with an empty port', from('10.0.0.1', '192.0.2.1, 10.0.0.2:'), from('192.0.2.1')],
    [
      'an empty port in Forwarded',
      forwarded('10.0.0.1', 'for="192.0.2.1:", , for="[::ffff:a00:2]:"'),
      from('192.0.2.1'),
    ],
    ['empty members', from('10.0.0.1', ', 192.0.2.1'), from('10.0.0.1', ' ,192.0.2.1:, ,')],
    ['IPv4 in hexadecimal', from('10.0.0.1', '::ffff:c000:201'), from('192.0.2.1')],
    ['a proxy with a port', from('10.0.0.1', '192.0.2.1, 10.0.0.2:4711'), from('192.0.2.1')],
    ['a proxy in IPv6', from('::ffff:a00:1', '192.0.2.1'), from('192.0.2.1')],
    ['any zone', from('fe80::1%eth0'), from('fe80::2%eth1')],
    [
      'whom Forwarded names',
      forwarded('10.0.0.1', 'for=192.0.2.1;proto=http, By=_a;For="[::ffff:a00:2]:80"'),
      from('192.0.2.1'),
    ],
    [
      'the last of Forwarded, behind a comma in quotes',
      forwarded('10.0.0.1', 'for="x,for=198.51.100.1", for="192.0.2.1:80";host="a,b"'),
      from('192.0.2.1'),
    ],
    [
      'X-Forwarded-For, whatever Forwarded says beside it',
      forwarded('10.0.0.1', 'for=198.51.100.1', '192.0.2.1'),
      from('192.0.2.1'),
    ],
  ])('is counted for %s', (_, first, second) => {
    const addresses = open(['10.0.0.0/8']);
    const place = addresses.acquire(first);
    expect(place).toBeDefined();
    expect(addresses.acquire(second)).toBeUndefined();
    place?.[Symbol.dispose]();
    expect(addresses.size).toBe(0);
    expect(addresses.acquire(second)).toBeDefined();
  });

  it.each([
    ['other addresses', from('192.0.2.1'), from('192.0.2.2')],
    ['another /64', from('2001:db8:1:2::1'), from('2001:db8:1:3::1')],
    ['this machine itself', from('127.0.0.1'), from('127.0.0.1')],
  ])('is not counted for %s', (_, first, second) => {
    const addresses = open();
    expect(addresses.acquire(first)).toBeDefined();
    expect(addresses.acquire(second)).toBeDefined();
  });

  it('bounds WebSockets and event streams together, with 429 and a code', async () => {
    const limits = { ...DEFAULT_LIMITS, socketsPerAddress: 2 };
    await using gateway = await ServedGraphQL.start({ limits });
    const headers = { 'X-Forwarded-For': '192.0.2.1' };
    const query = new URLSearchParams({ query: 'subscription { boxStatus { id } }' });
    const connect = () => new WebSocket(gateway.webSocketUrl, 'graphql-transport-ws', { headers });
    const stream = async () => {
      const outgoing = request(`${gateway.url}?${query}`, {
        headers: { ...headers, Accept: 'text/event-stream' },
        agent: false,
      });
      const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
      return response.on('error', () => {});
    };

    const socket = connect();
    await once(socket, 'open');
    const streamed = await stream();
    expect(streamed.statusCode).toBe(200);
    const refused = connect().on('error', () => {});
    const [, answer] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(answer.statusCode).toBe(429);
    const refusedStream = await stream();
    expect(refusedStream.statusCode).toBe(429);
    let body = '';
    for await (const chunk of refusedStream.setEncoding('utf8')) body += String(chunk);
    expect(body).toContain('TOO_MANY_CONNECTIONS');

    refused.terminate();
    socket.terminate();
    streamed.destroy();
    await until(() => gateway.graphql.addresses.size === 0);
  });
});

it('Forwarded with a quote that is not closed is read at once, however long it is', () => {
  // Time that grows with the square of its length would end no test.
  const header = `for="${'\\"'.repeat(500_000)}`;
  expect(forwardedFor({ headers: { forwarded: header } })).toHaveLength(1);
});

it('Forwarded names nobody inside what a proxy quotes', () => {
  const forwarded = 'host="a,b;for=1.1.1.1";for=203.0.113.9, proto=http; For="[2001:db8::1]:80"';
  expect(forwardedFor({ headers: { forwarded } })).toEqual(['203.0.113.9', '"[2001:db8::1]:80"']);
});
