import { expect, it } from 'vitest';
import { startGateway } from '../support/gateways.ts';
import { onTheWire } from '../support/wire.ts';

it.each([
  [undefined, 620],
  ['90s', 90],
])('an idle connection is kept for as long as keepAlive says: %s', async (keepAlive, seconds) => {
  await using gateway = await startGateway({ config: { ...(keepAlive && { keepAlive }) } });
  const [answer] = await onTheWire(
    gateway.port,
    'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  expect(answer?.headers['keep-alive']).toBe(`timeout=${seconds}`);
});

it('is closed by the gateway after that', async () => {
  await using gateway = await startGateway({ config: { keepAlive: '1s' } });
  const answers = await onTheWire(gateway.port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(answers).toHaveLength(1);
});
