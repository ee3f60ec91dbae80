import { describe, expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { stateOf, take } from './support/events.ts';
import { TestGateway } from './support/test-gateway.ts';

/** Subscribes, loses the connection after an event, and gives back how it subscribed again. */
async function resubscribe(document: string, variables?: Readonly<Record<string, unknown>>) {
  const warnings: string[] = [];
  await using gateway = await TestGateway.start();
  await using client = createClient({
    url: gateway.url,
    backoffMs: { min: 1, max: 10 },
    warn: (message) => warnings.push(message),
  });
  gateway.journal.append('long ago');
  client.subscribe(document, variables).subscribe({ next: () => gateway.drop() });
  const first = await gateway.subscribedTo('Door');
  gateway.journal.append('now');
  const again = await gateway.subscribedTo('Door');
  return { first: first.variables, again: again.variables, warnings };
}

describe("a user's own subscription", () => {
  test('resumes when it declares $after and selects id and cursor', async () => {
    const { again, warnings } = await resubscribe(
      'subscription Door($after: String, $withImages: Boolean) { recognitionEvents(after: $after, withImages: $withImages) { ...Mark } } fragment Mark on RecognitionEvent { id cursor }',
      { withImages: true },
    );
    expect(again).toEqual({ after: 'c2', withImages: true });
    expect(warnings).toEqual([]);
  });

  test('begins where the caller says', async () => {
    const { first } = await resubscribe(
      'subscription Door($after: String) { recognitionEvents(after: $after) { id cursor } }',
      { after: 'c0' },
    );
    expect(first).toEqual({ after: 'c0' });
  });

  test.for([
    ['does not declare "$after', 'subscription Door { recognitionEvents { id cursor } }'],
    [
      'without "recognitionEvents { id cursor',
      'subscription Door($after: String) { recognitionEvents(after: $after) { id } }',
    ],
    [
      'without "recognitionEvents { id cursor',
      'subscription Door($after: String) { doors: recognitionEvents(after: $after) { id cursor } }',
    ],
  ] as const)(
    'that %s goes on from now, and the client says that it can’t resume',
    async ([why, document]) => {
      const { again, warnings } = await resubscribe(document, { after: 'c0' });
      expect(again).toEqual({});
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(why);
    },
  );

  test('is warned of once, however often it is made', async () => {
    const warnings: string[] = [];
    await using gateway = await TestGateway.start();
    await using client = createClient({
      url: gateway.url,
      warn: (message) => warnings.push(message),
    });
    for (let round = 0; round < 3; round += 1) {
      client
        .subscribe('subscription { recognitionEvents { id } }')
        .subscribe({ next: () => undefined });
    }
    client.subscribe('subscription { boxStatus { id } }').subscribe({ next: () => undefined });
    await stateOf(client, 'live');
    expect(warnings).toHaveLength(1);
  });

  test('fails with the errors of an event that has no data', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    gateway.journal.append('broken', { score: 'high' });
    const got = take(client.recognitionEvents({ after: 'c0' }), 1);
    await expect(got).rejects.toMatchObject({
      code: 'GRAPHQL',
      errors: [{ path: ['recognitionEvents', 'score'] }],
    });
  });

  test('gets an event that lacks an optional field, and the client says which', async () => {
    const warnings: string[] = [];
    await using gateway = await TestGateway.start();
    await using client = createClient({
      url: gateway.url,
      warn: (message) => warnings.push(message),
    });
    gateway.journal.append('one', { deviceIp: {} });
    gateway.journal.append('two', { deviceIp: {} });
    const got = await take(client.recognitionEvents({ after: 'c0' }), 2);
    expect(got).toMatchObject([{ id: 'one', deviceIp: null }, { id: 'two' }]);
    expect(warnings).toEqual([
      'The gateway could not fill in "recognitionEvents.deviceIp" of an event: an error.',
    ]);
  });
});
