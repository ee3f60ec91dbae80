import { createGateway, parseConfig } from '@se5/gateway';
import { type Simulator, startSimulator } from '@se5/simulator';
import { createClient as createGraphQLWSClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../src/index.ts';
import { take } from './support/events.ts';
import { listenedTo } from './support/gateway.ts';

const boxCount = 20;
const eventsPerBox = 5;
const total = boxCount * eventsPerBox;

test('a graphql-ws client, a plain reader of server-sent events and this client get the same events from 20 boxes', async () => {
  await using stack = new AsyncDisposableStack();
  const boxes = await Promise.all(
    Array.from({ length: boxCount }, (_, seed) => startSimulator({ seed: seed + 1, devices: 1 })),
  );
  for (const box of boxes) stack.use(box);
  const gateway = stack.use(await createGateway(configuration(boxes)));
  await Promise.all(boxes.map(listenedTo));

  const client = stack.use(createClient({ url: gateway.url }));
  const { cursor } = await client.query<{ cursor: string }>('{ cursor }');
  const document = `subscription { recognitionEvents(after: "${cursor}") { id } }`;

  const results = Promise.all([
    idsOverWebSocket(gateway.url, document),
    idsOverEventStream(gateway.url, document),
    take(client.recognitionEvents({ after: cursor }), total).then((events) =>
      events.map(({ id }) => id),
    ),
  ]);
  for (let round = 0; round < eventsPerBox; round += 1) for (const box of boxes) box.emit();

  const [overWebSocket, overEventStream, overClient] = await results;
  expect(new Set(overClient).size).toBe(total);
  expect(overWebSocket).toEqual(overClient);
  expect(overEventStream).toEqual(overClient);
});

const configuration = (boxes: readonly Simulator[]) =>
  parseConfig(
    JSON.stringify({
      listen: '127.0.0.1:0',
      journal: { path: 'memory' },
      sites: [
        {
          id: 'hq',
          boxes: boxes.map(({ host, eventPort, apiPort }, index) => ({
            id: `box-${index}`,
            host,
            eventPort,
            apiPort,
          })),
        },
      ],
    }),
  );

async function idsOverWebSocket(url: string, query: string): Promise<readonly unknown[]> {
  const client = createGraphQLWSClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  });
  const ids: unknown[] = [];
  for await (const { data } of client.iterate<{ recognitionEvents: { id: string } }>({ query })) {
    ids.push(data?.recognitionEvents.id);
    if (ids.length === total) break;
  }
  await client.dispose();
  return ids;
}

async function idsOverEventStream(url: string, query: string): Promise<readonly unknown[]> {
  const gone = new AbortController();
  const { body } = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: gone.signal,
  });
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const ids = [...text.matchAll(/^data: \{"data":\{"recognitionEvents":\{"id":"(.+)"\}\}\}$/gm)];
    if (ids.length < total) continue;
    gone.abort();
    return ids.map(([, id]) => id);
  }
  throw new Error(`the stream ended early: ${text}`);
}
