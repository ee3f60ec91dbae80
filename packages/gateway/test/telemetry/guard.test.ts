import { once } from 'node:events';
import { createServer } from 'node:http';
import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createOriginPolicy } from '../../src/access/origin.ts';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { NO_AUDIT } from '../../src/audit/audit.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { ClientAddresses } from '../../src/transport/client-addresses.ts';
import { createRouter, nothingHere } from '../../src/transport/router.ts';
import { UnreadAnswers } from '../../src/transport/unread-answers.ts';
import { Turns } from '../../src/turns.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { configText, post, startGateway } from '../support/gateways.ts';
import { watchedTelemetry } from '../support/telemetry.ts';

const fail = () => {
  throw new Error('this observer is broken');
};

it('no observer throws into the work, and the log says once that something is missing', () => {
  const { journal, images, erasure, fleet, intake, access, lines, ...told } = watchedTelemetry();
  const { refused, connectionRefused, fault } = told;
  const doors = { refused, connectionRefused, fault };
  /** Whoever looks at it fails. */
  const unreadable = new Proxy({}, { get: fail, getPrototypeOf: fail });
  for (const observer of [journal, images, erasure, fleet, intake, access, doors]) {
    for (const method of Object.values(observer)) {
      expect(() => Reflect.apply(method, observer, [unreadable, unreadable])).not.toThrow();
    }
  }
  const about = lines.filter(({ message }) => message.startsWith('log or metrics failed'));
  expect(about).toHaveLength(1);
});

it('a gateway whose logger throws delivers events, and counts the lines', async () => {
  const logger: Logger = { debug: fail, info: fail, warn: fail, error: fail };
  await using simulator = await startSimulator();
  await using gateway = await startGateway({ simulators: [simulator], logger });
  await simulator.until(({ configurations }) => configurations.length > 0);
  const query = 'subscription { recognitionEvents { id } }';
  const events = readEvents(await post(gateway.url, query, { Accept: 'text/event-stream' }));
  simulator.emit();
  expect((await nextEvent(events)).data).toContain('"recognitionEvents"');
  await events.return();
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toMatch(/^se5_log_lines_lost_total [1-9]/m);
});

const addressSchema = z.object({ port: z.number() });

it('a figure that can’t be had is a 500 at /metrics, and everything else goes on', async () => {
  const { health, metrics, lines, ...telemetry } = watchedTelemetry({ subscribers: fail });
  const config = parseConfig(configText([]));
  const nothing = () => Promise.resolve();
  using unread = new UnreadAnswers(config.limits, config.slowClients);
  const server = createServer(
    createRouter({
      turns: new Turns(),
      policy: createOriginPolicy(config),
      admit: () => ({ kind: 'admitted', viewer: OPEN_VIEWER }),
      clients: new ClientAddresses([]),
      audit: NO_AUDIT,
      health,
      metrics,
      image: nothing,
      schema: () => {},
      session: { begin() {}, end() {} },
      export: nothing,
      unread,
      graphql: nothing,
      graphiql: { openness: false, send: nothing },
      wall: undefined,
      fallback: nothingHere(),
      ...telemetry,
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${addressSchema.parse(server.address()).port}`;
  const status = async (path: string) => (await fetch(url + path)).status;
  expect([await status('/metrics'), await status('/metrics')]).toEqual([500, 500]);
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
  expect(lines[0]).toMatchObject({ message: 'a request could not be answered' });
  server.close();
  server.closeAllConnections();
});
