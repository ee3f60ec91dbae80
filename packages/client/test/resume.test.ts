import { describe, expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { stateOf, take } from './support/events.ts';
import { TestJournal } from './support/journal.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestGateway } from './support/test-gateway.ts';

const quick = { backoffMs: { min: 1, max: 10 } };

describe('a stream of recognitions', () => {
  test('carries each event once and in order over dropped sockets', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick });
    gateway.journal.append('0');
    const got: string[] = [];
    for await (const { id } of client.recognitionEvents({ after: 'c0' })) {
      got.push(id);
      if (got.length === 40) break;
      if (got.length % 5 === 0) gateway.drop();
      gateway.journal.append(String(got.length));
    }
    expect(got).toEqual(Array.from({ length: 40 }, (_, index) => String(index)));
    expect(gateway.connections).toBe(8);
  });

  test('goes on over a restart of the gateway, with what happened meanwhile', async () => {
    const journal = new TestJournal();
    const first = await TestGateway.start({ journal });
    await using path = await TcpProxy.start(first.port);
    await using client = createClient({ url: path.url, ...quick });
    const got = take(client.recognitionEvents(), 3);
    await stateOf(client, 'live');
    journal.append('before');
    first.close(1012, 'restart');
    await stateOf(client, 'waiting');
    await first[Symbol.asyncDispose]();
    journal.append('meanwhile');
    await using second = await TestGateway.start({ journal });
    path.target = second.port;
    await stateOf(client, 'live');
    journal.append('after');
    expect((await got).map(({ id }) => id)).toEqual(['before', 'meanwhile', 'after']);
  });

  test('that has had no event yet resumes where its connection began', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick });
    gateway.journal.append('long ago');
    const got = take(client.recognitionEvents(), 1);
    await stateOf(client, 'live');
    gateway.drop();
    gateway.journal.append('meanwhile');
    expect((await got).map(({ id }) => id)).toEqual(['meanwhile']);
  });

  test('that begins on an open connection asks from where, and resumes there', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick });
    client.boxStatus().subscribe({ next: () => undefined });
    await stateOf(client, 'live');
    gateway.journal.append('long after the connection began');
    const got = take(client.recognitionEvents(), 1);
    await gateway.subscribedTo('RecognitionEvents');
    gateway.drop();
    gateway.journal.append('meanwhile');
    expect((await got).map(({ id }) => id)).toEqual(['meanwhile']);
  });

  test('drops an event that comes again', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    for (const id of ['one', 'two', 'one', 'two', 'three']) gateway.journal.append(id);
    const got = await take(client.recognitionEvents({ after: 'c0' }), 3);
    expect(got.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
  });
});

test('the gaps of an event that is dropped are said by the next one', async () => {
  await using gateway = await TestGateway.start();
  await using client = createClient({ url: gateway.url });
  const gap = (boxId: string) => ({ gapsBefore: [{ reason: 'BOX_UNREACHABLE', boxId }] });
  gateway.journal.append('one');
  gateway.journal.append('one', gap('hq-lobby'));
  gateway.journal.append('two', gap('hq-door'));
  gateway.journal.append('three');
  const got = await take(client.recognitionEvents({ after: 'c0' }), 3);
  expect(got.map(({ gapsBefore }) => gapsBefore.map(({ boxId }) => boxId))).toEqual([
    [],
    ['hq-lobby', 'hq-door'],
    [],
  ]);
});

describe('the cursor of a ping', () => {
  test('is where a quiet stream resumes', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick, pingMs: 5 });
    client.recognitionEvents().subscribe({ next: () => undefined });
    await gateway.subscribedTo('RecognitionEvents');
    await gateway.received('ping');
    await gateway.received('ping');
    gateway.ping('c7');
    await gateway.received('pong');
    gateway.drop();
    expect((await gateway.subscribedTo('RecognitionEvents')).variables).toMatchObject({
      after: 'c7',
    });
  });

  test('does not count before the gateway has surely read the subscription', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick });
    client.recognitionEvents({ after: 'c0' }).subscribe({ next: () => undefined });
    await gateway.subscribedTo('RecognitionEvents');
    gateway.ping('c7');
    await gateway.received('pong');
    gateway.drop();
    expect((await gateway.subscribedTo('RecognitionEvents')).variables).toMatchObject({
      after: 'c0',
    });
  });

  test('does not count for one of several streams, for which it may be a step back', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url, ...quick, pingMs: 5 });
    for (const after of ['c0', 'c0']) {
      client.recognitionEvents({ after }).subscribe({ next: () => undefined });
      await gateway.subscribedTo('RecognitionEvents');
    }
    await gateway.received('ping');
    await gateway.received('ping');
    gateway.ping('c7');
    await gateway.received('pong');
    gateway.drop();
    for (const after of ['c0', 'c0']) {
      const { variables } = await gateway.subscribedTo('RecognitionEvents');
      expect(variables).toMatchObject({ after });
    }
  });
});
