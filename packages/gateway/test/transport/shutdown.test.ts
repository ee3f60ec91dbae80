import { once } from 'node:events';
import { connect } from 'node:net';
import { startSimulator } from '@se5/simulator';
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { post, startGateway } from '../support/gateways.ts';
import { rawRequest, WEBSOCKET_HANDSHAKE } from '../support/http.ts';

const SUBSCRIPTION = 'subscription { boxStatus { id link { state } } }';

describe('a gateway that goes away', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('closes WebSockets with 1012', async () => {
    const gateway = await startGateway();
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await gateway[Symbol.asyncDispose]();
    expect((await closed)[0]).toBe(1012);
  });

  it('makes a graphql-ws client come back by itself', async () => {
    const first = await startGateway();
    const { promise: restarted, resolve: restart } = Promise.withResolvers<void>();
    const client = createClient({
      url: `${first.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryWait: () => restarted,
    });
    const connected = () => new Promise<void>((resolve) => client.on('connected', () => resolve()));
    await connected();
    const again = connected();
    await first[Symbol.asyncDispose]();
    await using _second = await startGateway({ config: { listen: `127.0.0.1:${first.port}` } });
    restart();
    await again;
    await client.dispose();
  });

  it('breaks event streams off, without complete', async () => {
    const gateway = await startGateway();
    const response = await post(gateway.url, SUBSCRIPTION, { Accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) throw new Error('the answer has no body');
    await reader.read();
    await gateway[Symbol.asyncDispose]();
    let text = '';
    const readAll = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
      }
    };
    await expect(readAll()).rejects.toThrow('terminated');
    expect(text).not.toContain('complete');
  });

  it('lets an answer under way finish', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
    const gateway = await startGateway({
      fallback: async (_request, response) => {
        ask();
        await allowed;
        response.end('finished');
      },
    });
    const answer = rawRequest(gateway.url);
    await asked;
    const gone = gateway[Symbol.asyncDispose]();
    allow();
    expect((await answer).body).toBe('finished');
    await gone;
  });

  it('waits for no answer that does not come, and for no client that says nothing', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const gateway = await startGateway({ fallback: () => ask() });
    const idle = connect(gateway.port, '127.0.0.1');
    await once(idle, 'connect');
    const stuck = rawRequest(gateway.url).catch((error: unknown) => String(error));
    await asked;
    await gateway[Symbol.asyncDispose]();
    expect(await stuck).toContain('socket hang up');
  });

  it('does not wait for WebSockets that do not answer its close', async () => {
    const gateway = await startGateway();
    const socket = connect(gateway.port, '127.0.0.1');
    const headers = Object.entries({ Host: '127.0.0.1', ...WEBSOCKET_HANDSHAKE });
    socket.write(
      `GET /graphql HTTP/1.1\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n`,
    );
    await once(socket, 'data');
    const closed = once(socket, 'close');
    // `ws` has a time-out of its own for a close, much longer than ours: it never ends here.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await gateway[Symbol.asyncDispose]();
    await closed;
  });

  it('accepts nobody any more, and gives its port and its boxes back', async () => {
    await using simulator = await startSimulator();
    const gateway = await startGateway({ simulators: [simulator] });
    await simulator.until(({ connections }) => connections === 1);
    await gateway[Symbol.asyncDispose]();
    await expect(rawRequest(gateway.url)).rejects.toThrow('ECONNREFUSED');
    await simulator.until(({ connections }) => connections === 0);
    await using again = await startGateway({ config: { listen: `127.0.0.1:${gateway.port}` } });
    expect(again.port).toBe(gateway.port);
  });

  it('may be told so twice', async () => {
    const gateway = await startGateway();
    await gateway[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });
});

it('a port that is taken is the system’s error, and disturbs no box', async () => {
  await using simulator = await startSimulator();
  await using taken = await startGateway();
  const starting = startGateway({
    simulators: [simulator],
    config: { listen: `127.0.0.1:${taken.port}` },
  });
  await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken.port });
  expect(simulator.connectionsAccepted).toBe(0);
});
