import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { until } from '../support/until.ts';

const EVENTS =
  'subscription ($after: String) { recognitionEvents(after: $after) { cursor identityId } }';

interface Asked {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Of the address. */
  readonly search?: string;
}

describe('GraphQL over server-sent events', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start({ keepAliveMs: 10 });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const post = ({ query = EVENTS, variables, headers, signal, search = '' }: Asked = {}) =>
    fetch(`${gateway.url}${search}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  const open = async (asked?: Asked) => readEvents(await post(asked));
  const cursorAt = (identityId: string) =>
    gateway.inside
      .event({ identityId })
      .then(({ position }) => gateway.inside.journal.cursorAt(position));

  it('sends each result as an event called next, with its cursor as the id', async () => {
    const response = await post();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-store, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-length')).toBeNull();
    const events = readEvents(response);
    const cursor = await cursorAt('1');
    expect(await nextEvent(events)).toEqual({
      event: 'next',
      data: JSON.stringify({ data: { recognitionEvents: { cursor, identityId: '1' } } }),
      lastEventId: cursor,
    });
  });

  it('answers a GET too, as EventSource sends it', async () => {
    const headers = { Accept: 'text/event-stream' };
    const search = new URLSearchParams({ query: EVENTS });
    const events = readEvents(await fetch(`${gateway.url}?${search}`, { headers }));
    await cursorAt('1');
    expect((await nextEvent(events)).data).toContain('"identityId":"1"');
    await events.return();
  });

  it.each(['*/*', 'text/*', 'application/json, text/event-stream'])(
    'subscribes a client that accepts %s',
    async (accept) => {
      const response = await post({ headers: { Accept: accept } });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      await response.body?.cancel();
    },
  );

  it('answers a query with JSON when the client accepts that too', async () => {
    const response = await post({
      query: '{ sites { id } }',
      headers: { Accept: 'application/json, text/event-stream' },
    });
    expect(response.headers.get('content-type')).toMatch('application/json');
    await response.body?.cancel();
  });

  it.each([
    ['a query', '{ sites { id } }', '{"data":{"sites":[{"id":"hq"},{"id":"plant"}]}}'],
    ['what is no GraphQL', '{', 'GRAPHQL_PARSE_FAILED'],
    [
      'a subscription that could not be one',
      'subscription { recognitionEvents(after: "x") { id } }',
      'INVALID_CURSOR',
    ],
  ])('answers %s, and completes', async (_, query, answer) => {
    const events = await open({ query });
    expect(await nextEvent(events)).toMatchObject({
      event: 'next',
      data: expect.stringContaining(answer),
    });
    expect(await nextEvent(events)).toMatchObject({ event: 'complete', data: '' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('ends without complete when fan-out ends: the client shall come back', async () => {
    const events = await open();
    await events.next();
    gateway.inside.fanout[Symbol.dispose]();
    let left = '';
    for await (const { event } of events) left += event;
    expect(left).toBe('');
  });

  it('takes an empty Last-Event-ID for none', async () => {
    await cursorAt('1');
    const events = await open({ headers: { 'Last-Event-ID': '' } });
    await cursorAt('2');
    expect((await nextEvent(events)).data).toContain('"identityId":"2"');
    await events.return();
  });

  it('goes on behind the Last-Event-ID rather than behind `after`', async () => {
    const [first, second] = [await cursorAt('1'), await cursorAt('2')];
    await cursorAt('3');
    const events = await open({
      variables: { after: first },
      headers: { 'Last-Event-ID': second },
    });
    expect((await nextEvent(events)).data).toContain('"identityId":"3"');
    const response = await post({ variables: { after: first } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const behindAfter = readEvents(response);
    expect((await nextEvent(behindAfter)).data).toContain('"identityId":"2"');
    await events.return();
    await behindAfter.return();
  });

  it.each(['lastEventId', 'lastEventID', 'Last-Event-ID', 'last-event-id', 'evs_last_event_id'])(
    'goes on behind the %s of the query rather than behind `after`, by POST and by GET',
    async (name) => {
      const [first, second] = [await cursorAt('1'), await cursorAt('2')];
      for (const id of ['3', '4', '5']) await cursorAt(id);
      const asked = { query: EVENTS, variables: JSON.stringify({ after: first }), [name]: second };
      const [byPost, byGet] = await Promise.all([
        open({ variables: { after: first }, search: `?${name}=${encodeURIComponent(second)}` }),
        fetch(`${gateway.url}?${new URLSearchParams(asked)}`, {
          headers: { Accept: 'text/event-stream' },
        }).then(readEvents),
      ]);
      for (const events of [byPost, byGet]) {
        for (const id of ['3', '4', '5']) {
          expect((await nextEvent(events)).data).toContain(`"identityId":"${id}"`);
        }
        await events.return();
      }
    },
  );

  it('takes the Last-Event-ID rather than the one of the query, the last of those, and an empty one for none', async () => {
    const [first, second] = [await cursorAt('1'), await cursorAt('2')];
    await cursorAt('3');
    const behindSecond = [
      { headers: { 'Last-Event-ID': second }, search: `?lastEventId=${first}` },
      { headers: { 'Last-Event-ID': '' }, search: `?lastEventId=${second}` },
      { search: `?lastEventId=${first}&lastEventId=${second}` },
      { search: `?lastEventId=&evs_last_event_id=${second}&lastEventId=` },
      { search: '?lastEventId=', variables: { after: second } },
    ];
    for (const asked of behindSecond) {
      const events = await open(asked);
      expect((await nextEvent(events)).data).toContain('"identityId":"3"');
      await events.return();
    }
  });

  it('refuses the id of a query that is no cursor', async () => {
    const events = await open({ search: '?lastEventId=yesterday' });
    expect((await nextEvent(events)).data).toContain('INVALID_CURSOR');
    await events.return();
  });

  it('says at once from where the client can go on, before anything has happened', async () => {
    const cursor = await cursorAt('1');
    const events = await open();
    expect((await events.next()).value).toEqual({ event: '', data: '', lastEventId: cursor });
    await events.return();
  });

  it('says so again when events went by that were not for this client, else only that it lives', async () => {
    const query = 'subscription { recognitionEvents(filter: { identityIds: ["2"] }) { cursor } }';
    const events = await open({ query });
    const next = async () => (await events.next()).value;
    const start = (await next())?.lastEventId;
    expect(await next()).toEqual({ event: '', data: '', lastEventId: start });
    const passedBy = await cursorAt('1');
    let sign = await next();
    while (sign?.lastEventId === start) sign = await next();
    expect(sign).toEqual({ event: '', data: '', lastEventId: passedBy });
    const matched = await cursorAt('2');
    expect(await nextEvent(events)).toMatchObject({ event: 'next', lastEventId: matched });
    await events.return();
  });

  it('loses and doubles nothing for a client that comes and goes with its last id', async () => {
    const happened = Array.from({ length: 40 }, (_, index) => `${index}`);
    const seen: string[] = [];
    let lastEventId = '';
    for (let visit = 0; visit < 8; visit += 1) {
      const leave = new AbortController();
      const events = await open({
        signal: leave.signal,
        ...(lastEventId && { headers: { 'Last-Event-ID': lastEventId } }),
      });
      for (const identityId of happened.slice(visit * 5, visit * 5 + 5)) await cursorAt(identityId);
      for (let read = 0; read < 4; read += 1) {
        const event = await nextEvent(events);
        lastEventId = event.lastEventId;
        seen.push(JSON.parse(event.data).data.recognitionEvents.identityId);
      }
      leave.abort();
    }
    expect(seen).toEqual(happened.slice(0, seen.length));
  });

  it('lets go of a client that leaves while nothing happens', async () => {
    const leave = new AbortController();
    await open({ signal: leave.signal });
    expect(gateway.subscribers).toBe(1);
    leave.abort();
    await until(() => gateway.subscribers === 0);
  });

  it('leaves nothing behind of 100 clients that come and go', async () => {
    const leave = new AbortController();
    const quiet = 'subscription { recognitionEvents(deviceIds: []) { id } }';
    const come = (index: number) =>
      post({ signal: leave.signal, query: index % 2 === 0 ? EVENTS : quiet });
    await Promise.all(Array.from({ length: 100 }, (_, index) => come(index)));
    expect(gateway.subscribers).toBe(100);
    await gateway.inside.event();
    leave.abort();
    await until(() => gateway.subscribers === 0);
  });

  it('gives the state of boxes too, which has no cursor', async () => {
    const events = await open({ query: 'subscription { boxStatus(boxIds: ["a"]) { id } }' });
    expect(await nextEvent(events)).toMatchObject({
      event: 'next',
      data: '{"data":{"boxStatus":{"id":"a"}}}',
    });
    await events.return();
  });

  it('keeps what spans lines in the data on one line of its own', async () => {
    const query = 'subscription { recognitionEvents { identityName } }';
    const events = await open({ query });
    const identityName = 'one\n\ndata: two\r\nthree\u2028';
    await gateway.inside.event({ identityName });
    const { data } = await nextEvent(events);
    expect(JSON.parse(data)).toEqual({ data: { recognitionEvents: { identityName } } });
    await events.return();
  });

  it('sends the bytes that a WebSocket gets', async () => {
    const query = 'subscription { recognitionEvents { cursor identityName identityInfo } }';
    const events = await open({ query });
    await using socket = await gateway.connect();
    let text = '';
    socket.socket.on('message', (message: Buffer) => {
      if (message.includes('"next"')) text = message.toString('utf8');
    });
    socket.subscribe('1', query);
    await until(() => gateway.subscribers === 2);
    await gateway.inside.event({ identityName: 'Ünïcode "12"', identityInfo: { a: [1, null] } });
    const { data } = await nextEvent(events);
    await socket.next(({ type }) => type === 'next');
    expect(text).toBe(`{"id":"1","type":"next","payload":${data}}`);
    await events.return();
  });

  it('answers the next request on the connection of a stream that is complete', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (query: string) => {
      const headers = { Accept: 'text/event-stream' };
      const search = new URLSearchParams({ query });
      const outgoing = request(`${gateway.url}?${search}`, { headers, agent });
      const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
      return { body, port: outgoing.socket?.localPort };
    };
    const first = await ask('{ box(id: "a") { id } }');
    const second = await ask('{ box(id: "b") { id } }');
    expect(first.body).toContain('"a"');
    expect(second.body).toContain('"b"');
    expect(second.port).toBe(first.port);
    agent.destroy();
  });

  it('is understood by graphql-sse', async () => {
    const client = createClient({ url: gateway.url });
    const results = client.iterate({ query: 'subscription { recognitionEvents { identityId } }' });
    const first = results.next();
    await until(() => gateway.subscribers === 1);
    await cursorAt('1');
    expect((await first).value).toEqual({ data: { recognitionEvents: { identityId: '1' } } });
    await results.return?.();
    client.dispose();
    await until(() => gateway.subscribers === 0);
  });
});
