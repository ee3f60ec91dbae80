import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { type ConnectionRefusal, limitConnections } from '../../src/transport/connections.ts';
import { startGateway } from '../support/gateways.ts';
import { rawRequest } from '../support/http.ts';
import { recordedLog } from '../support/recorded-log.ts';

interface Served {
  readonly connections?: number;
  readonly connectionsPerAddress?: number;
  /** Whose every connection is. */
  readonly address?: string;
}

async function serve({ connections = 100, connectionsPerAddress = 100, address }: Served) {
  const requests: (string | undefined)[] = [];
  const refusals: ConnectionRefusal[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    response.end('here');
  });
  limitConnections(server, {
    limits: { connections, connectionsPerAddress },
    clients: { ofPeer: () => address },
    refused: (reason) => refusals.push(reason),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open: async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      return socket;
    },
    requests,
    refusals,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

it.each([
  ['in all', { connections: 2 }, 'all'],
  ['from one address', { connectionsPerAddress: 2, address: '192.0.2.1' }, 'address'],
] as const)('a connection too many %s is closed before it is heard', async (_, options, reason) => {
  await using server = await serve(options);
  const first = await server.open();
  await server.open();
  const refused = await server.open();
  refused.write('GET /refused HTTP/1.1\r\nHost: x\r\n\r\n');
  refused.resume();
  await once(refused, 'close');
  expect(server.refusals).toEqual([reason]);
  expect(server.requests).toEqual([]);

  // A place that is given back is there for the next.
  const closed = once(first, 'close');
  first.end().resume();
  await closed;
  expect((await rawRequest(`${server.url}/next`)).body).toBe('here');
  expect(server.requests).toEqual(['/next']);
});

it('connections of this machine are not counted by address', async () => {
  await using server = await serve({ connectionsPerAddress: 1 });
  await server.open();
  expect((await rawRequest(server.url)).status).toBe(200);
});

it('a gateway counts and logs connections that it refuses', async () => {
  const { logger, lines } = recordedLog();
  await using gateway = await startGateway({ logger, config: { limits: { connections: 1 } } });
  const { hostname, port } = new URL(gateway.url);
  const open = () => connect(Number(port), hostname).on('error', () => {});
  const first = open();
  await once(first, 'connect');
  for (let refused = 0; refused < 3; refused += 1) await once(open().resume(), 'close');
  first.write('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of first.setEncoding('utf8')) text += String(chunk);
  expect(text).toContain('se5_connections_refused_total{reason="all"} 3');
  const warnings = lines.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.message).toContain('limits.connections');
});
