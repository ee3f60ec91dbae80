import { startSimulator } from '@se5/simulator';
import { describe, expect, test } from 'vitest';
import { createClient, type RecognitionEvent } from '../src/index.ts';
import { stateOf, take } from './support/events.ts';
import { listenedTo, startGateway } from './support/gateway.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

const quick = { backoffMs: { min: 10, max: 50 } };

/** Reads on from a stream, one value at a time. */
const reader = <T>(stream: AsyncIterable<T>) => {
  const loop = stream[Symbol.asyncIterator]();
  return async (): Promise<T> => {
    const result = await loop.next();
    if (result.done) throw new Error('the stream has ended');
    return result.value;
  };
};

describe('with the real gateway', () => {
  test('sites, boxes and devices are those of the configuration and the box', async () => {
    await using box = await startSimulator({ devices: 2 });
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    for await (const { link } of client.boxStatus()) if (link.state === 'LIVE') break;
    expect(await client.sites()).toEqual([{ id: 'hq', name: 'Headquarters', timezone: null }]);
    expect(await client.boxes()).toMatchObject([{ id: 'hq-lobby', link: { state: 'LIVE' } }]);
    expect(await client.boxes({ siteIds: [] })).toEqual([]);
    const devices = await client.devices({ boxIds: ['hq-lobby'] });
    expect(devices.map(({ id }) => id).toSorted()).toEqual(
      box.devices.map(({ deviceId }) => `hq-lobby/${deviceId}`).toSorted(),
    );
  });

  test('an event comes as the box told it, with pictures that can be fetched', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    const got = take(client.recognitionEvents({ withImages: true, withBase64: true }), 1);
    await box.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    const sent = box.emit({ personType: 2 });
    const [event] = await got;
    expect(event).toMatchObject({
      personType: 'VISITOR',
      identityName: sent.identityName,
      device: { deviceId: sent.deviceId },
      box: { id: 'hq-lobby', name: 'Lobby' },
      gapsBefore: [],
    });
    expect(event?.faceImage?.base64).toBe(sent.pictures.face);
    const response = await fetch(client.imageUrl(event?.faceImage) ?? '');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(sent.pictures.face);
  });

  test('the history is read page by page, and its cursor leads on into what comes', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    const nothing = await client.history();
    expect(nothing).toMatchObject({ events: [], hasPreviousPage: false, hasNextPage: false });
    await listenedTo(box);
    const sent = Array.from({ length: 3 }, () => box.emit().eventId);
    const all = await take(client.recognitionEvents({ after: nothing.cursor }), sent.length);
    const newest = await client.history({ last: 2 });
    expect(newest.events.map(({ id }) => id)).toEqual(all.slice(1).map(({ id }) => id));
    expect(newest.hasPreviousPage).toBe(true);
    const [first] = all;
    expect(await client.recognitionEvent(first?.id ?? '')).toMatchObject({ cursor: first?.cursor });
    expect(await client.recognitionEvent('no-such-event')).toBeNull();
    const next = take(client.recognitionEvents({ after: newest.cursor }), 1);
    box.emit({ identityName: 'Behind the page' });
    expect(await next).toMatchObject([{ identityName: 'Behind the page' }]);
  });

  test('what the client may see and do is known without trying', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    const fields = ['IDENTITY', 'FACE', 'SCENE', 'REGISTERED'];
    expect(await client.viewer()).toMatchObject({
      ...{ mayAnswer: true, mayErase: false, mayExport: true },
      sites: [{ site: { id: 'hq' }, fields, history: { since: null, fields } }],
    });
  });

  test('people are read page by page, and one of them with their events', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    const { cursor } = await client.history();
    await listenedTo(box);
    const seen = take(client.recognitionEvents({ after: cursor }), 3);
    box.emit({ personType: 1, identityId: '17', identityName: 'Ines Weiß' });
    box.emit({ personType: 1, identityId: '18', identityName: 'Marten' });
    box.emit({ personType: 1, identityId: '17', identityName: 'Ines Weiß' });
    const [first, , last] = await seen;
    const page = await client.people({ first: 1 });
    expect(page).toMatchObject({
      people: [{ identityId: '17', eventCount: 2, lastEvent: { id: last?.id } }],
      hasNextPage: true,
    });
    const next = await client.people({ first: 1, after: page.endCursor ?? '' });
    expect(next).toMatchObject({ people: [{ identityName: 'Marten' }], hasNextPage: false });
    expect(await client.people({ name: 'WEISS' })).toMatchObject({
      people: [{ identityId: '17' }],
    });
    const found = await client.person('17', { first: 1 });
    expect(found).toMatchObject({ events: [{ id: last?.id }], hasNextPage: true });
    expect(found?.person).toEqual(page.people[0]);
    const older = await client.person('17', { after: found?.endCursor ?? '' });
    expect(older).toMatchObject({ events: [{ id: first?.id }], hasNextPage: false });
    expect(await client.person('no-such-person')).toBeNull();
  });

  test('each event comes once and in order, however often the network is cut', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using path = await TcpProxy.start(gateway.port);
    await using client = createClient({ url: path.url, ...quick });
    await listenedTo(box);
    const { cursor } = await client.query<{ cursor: string }>('{ cursor }');
    box.setRate(500);
    const got: string[] = [];
    for await (const { id } of client.recognitionEvents({ after: cursor })) {
      got.push(id);
      if (got.length === 300) break;
      if (got.length % 30 === 0) path.cut();
    }
    box.setRate(0);
    const { recognitionEvents } = await client.query<{
      recognitionEvents: { edges: { node: { id: string } }[] };
    }>(
      'query ($cursor: String!) { recognitionEvents(after: $cursor, first: 300) { edges { node { id } } } }',
      { cursor },
    );
    expect(got).toEqual(recognitionEvents.edges.map(({ node }) => node.id));
  });

  test('alarms are followed over lost connections, each to its latest state', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box, {
      watch: [{ id: 'anybody', title: 'Anybody' }],
    });
    await using path = await TcpProxy.start(gateway.port);
    await using client = createClient({ url: path.url, ...quick });
    const next = reader<{ alarms: { id: string; state: string } }>(
      client.subscribe(
        'subscription ($after: String) { alarms(after: $after) { id cursor state } }',
      ),
    );
    const first = next();
    await stateOf(client, 'live');
    await listenedTo(box);
    box.emit({ identityId: '1' });
    const { id, state } = (await first).alarms;
    expect(state).toBe('OPEN');
    const waiting = stateOf(client, 'waiting');
    path.cut();
    await waiting;
    const mutation = (name: string) => `mutation { ${name}(id: "${id}", key: "1") { state } }`;
    await using other = createClient({ url: gateway.url });
    await other.query(mutation('acknowledgeAlarm'));
    await other.query(mutation('closeAlarm'));
    const told = [(await next()).alarms];
    while (told.at(-1)?.state === 'ACKNOWLEDGED') told.push((await next()).alarms);
    expect(told.at(-1)).toMatchObject({ id, state: 'CLOSED' });
  });

  test('a restart is survived, and what may be missing is said', async () => {
    await using box = await startSimulator();
    const first = await startGateway(box);
    await using client = createClient({ url: first.url, ...quick });
    const next = reader<RecognitionEvent>(client.recognitionEvents());
    const before = next();
    await stateOf(client, 'live');
    await listenedTo(box);
    box.emit({ identityName: 'Visitor 1' });
    expect(await before).toMatchObject({ identityName: 'Visitor 1', gapsBefore: [] });
    const waiting = stateOf(client, 'waiting');
    await first[Symbol.asyncDispose]();
    expect((await waiting).reason).toMatchObject({ code: 'NETWORK' });
    box.emit({ identityName: 'Visitor 2' });
    await using _second = await startGateway(box, { port: first.port });
    await stateOf(client, 'live');
    await listenedTo(box);
    box.emit({ identityName: 'Visitor 3' });
    expect(await next()).toMatchObject({
      identityName: 'Visitor 3',
      gapsBefore: [{ reason: 'UNKNOWN_CURSOR' }],
    });
  });

  test('a wrong token is a clear and final error, for queries and for streams', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box, { token: 'right-right-right' });
    await using client = createClient({ url: gateway.url, token: 'wrong' });
    await expect(client.sites()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(take(client.boxStatus(), 1)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await using right = createClient({ url: gateway.url, token: 'right-right-right' });
    expect(await take(right.boxStatus(), 1)).toHaveLength(1);
  });

  test('a cursor that is none is an error of that stream', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using client = createClient({ url: gateway.url });
    await expect(take(client.recognitionEvents({ after: 'yesterday' }), 1)).rejects.toMatchObject({
      code: 'GRAPHQL',
      errors: [{ code: 'INVALID_CURSOR' }],
    });
  });
});
