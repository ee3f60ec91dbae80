import { expect, it } from 'vitest';
import { createOriginPolicy } from '../../src/access/origin.ts';
import { NO_AUDIT } from '../../src/audit/audit.ts';
import { parseConfig } from '../../src/config/load.ts';
import { ClientAddresses } from '../../src/transport/client-addresses.ts';
import { createRouter, nothingHere } from '../../src/transport/router.ts';
import { UnreadAnswers } from '../../src/transport/unread-answers.ts';
import { Turns } from '../../src/turns.ts';
import { configText } from '../support/gateways.ts';
import { startTestServer } from '../support/server.ts';
import { watchedTelemetry } from '../support/telemetry.ts';
import { onTheWire } from '../support/wire.ts';

const REQUESTS = 200;
const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');

/** Each admission takes 2 ms of the slice of 3, by a clock that moves only so. */
async function startRouter() {
  const clock = { now: 0 };
  /** Admissions in each turn of the event loop. */
  const admitted: number[] = [];
  let isTurnNew = true;
  const config = parseConfig(configText([]));
  const { health, metrics, refused, fault } = watchedTelemetry();
  const nothing = () => Promise.resolve();
  const router = createRouter({
    turns: new Turns(3, () => clock.now),
    policy: createOriginPolicy(config),
    admit: () => {
      if (isTurnNew) {
        admitted.push(0);
        isTurnNew = false;
        setImmediate(() => {
          isTurnNew = true;
        });
      }
      admitted.push((admitted.pop() ?? 0) + 1);
      clock.now += 2;
      return { kind: 'unauthenticated', credential: 'missing' };
    },
    clients: new ClientAddresses([]),
    audit: NO_AUDIT,
    health,
    metrics,
    image: nothing,
    schema: () => {},
    session: { begin() {}, end() {} },
    export: nothing,
    unread: new UnreadAnswers(config.limits, config.slowClients),
    graphql: nothing,
    graphiql: { openness: false, send: nothing },
    wall: undefined,
    fallback: nothingHere(),
    refused,
    fault,
  });
  /** Of each request, whether it was answered before the next one was read. */
  const answeredAtOnce: boolean[] = [];
  const server = await startTestServer({
    request: (request, response) => {
      router(request, response);
      answeredAtOnce.push(response.writableEnded);
    },
  });
  return { server, admitted, answeredAtOnce };
}

it('admits few of the requests that one connection sends at once in each turn', async () => {
  const { server, admitted } = await startRouter();
  await using _ = server;
  const flood = get('/graphql').repeat(REQUESTS - 1) + get('/graphql', 'Connection: close');
  const answers = await onTheWire(server.port, flood);
  expect(answers.map(({ status }) => status)).toEqual(Array(REQUESTS).fill(401));
  expect(admitted.reduce((sum, count) => sum + count)).toBe(REQUESTS);
  expect(Math.max(...admitted)).toBeLessThanOrEqual(4);
});

it('answers a probe at once while other requests wait for their turn', async () => {
  const { server, answeredAtOnce } = await startRouter();
  await using _ = server;
  // The first two spend the slice.
  const flood = get('/graphql').repeat(3);
  await onTheWire(
    server.port,
    flood + get('/healthz') + get('/readyz?x') + get('/healthz', 'Connection: close'),
  );
  expect(answeredAtOnce).toEqual([false, false, false, true, true, true]);
});
