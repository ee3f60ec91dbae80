import { expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { TestGateway } from './support/test-gateway.ts';

test('a loop that cannot keep up leaves, comes back, and gets every event once', async () => {
  await using gateway = await TestGateway.start();
  await using client = createClient({ url: gateway.url });
  const megabyte = { filling: 'x'.repeat(1 << 20) };
  for (let n = 0; n < 24; n += 1) gateway.journal.append(String(n), { extra: megabyte });
  const got: string[] = [];
  for await (const { id } of client.recognitionEvents({ after: 'c0' })) {
    got.push(id);
    if (got.length === 1) {
      await gateway.subscribedTo('RecognitionEvents');
      await gateway.received('complete');
    }
    if (got.length === 24) break;
  }
  expect(got).toEqual(Array.from({ length: 24 }, (_, n) => String(n)));
  // The first had been handed out, eight and a bit had filled the buffer.
  const { variables } = await gateway.subscribedTo('RecognitionEvents');
  expect(variables).toMatchObject({ after: 'c9' });
  expect(gateway.connections).toBe(1);
});
