import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { codeIn, onTheWire, type WireAnswer } from '../support/wire.ts';
import { accepts, codings, mediaTypes } from './http-requirements/content.ts';
import { framings } from './http-requirements/framings.ts';
import { expectations, fields, methods, versions } from './http-requirements/messages.ts';
import {
  CLOSE,
  chunked,
  GET_QUERY,
  get,
  HOST,
  JSON_BODY,
  post,
  request,
} from './http-requirements/requirement.ts';
import { hosts, targets } from './http-requirements/targets.ts';
import { handshakes, upgrades } from './http-requirements/upgrades.ts';

/* One row for each requirement, by the sections of both RFCs: what is missing shows. */

describe('by RFC 9110 and RFC 9112', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  /** The final one; a WebSocket that is let in is closed by its time-out. */
  const finalAnswer = async (sends: string | Buffer): Promise<WireAnswer> => {
    const answers = await onTheWire(gateway.port, sends);
    const answer = answers.find(({ status }) => status !== 100);
    if (answer === undefined) throw new Error('there was no answer');
    return answer;
  };

  describe.each(
    Object.entries({
      targets,
      hosts,
      versions,
      fields,
      expectations,
      upgrades,
      handshakes,
      methods,
      mediaTypes,
      codings,
      framings,
      accepts,
    }),
  )('%s', (_, requirements) => {
    it.concurrent.each(
      requirements.map((each) => [each.section, each.fact, each.status, each] as const),
    )('RFC %s: %s: %i', async (_section, _fact, status, { sends, code, body, headers = {} }) => {
      const answer = await finalAnswer(sends);
      expect({
        status: answer.status,
        body: answer.status === status ? '' : answer.body,
      }).toEqual({ status, body: '' });
      expect(answer.headers).toMatchObject(headers);
      if (body !== undefined) expect(answer.body).toBe(body);
      if (code !== undefined) expect(codeIn(answer.body)).toBe(code);
    });
  });

  it('RFC 9112 6.1: tells of a Transfer-Encoding that leaves open where the request ends', async () => {
    const sends = post(chunked(Buffer.from(JSON_BODY)), 'Transfer-Encoding: chunked, chunked');
    expect((await finalAnswer(sends)).body).toContain('Transfer-Encoding');
  });

  it('RFC 9112 2.2: tells of a line that does not end with CRLF', async () => {
    for (const sends of [
      get(GET_QUERY).replace('\r\n', '\n'),
      get(GET_QUERY, 'X: y').replace('y\r\n', 'y\n'),
    ]) {
      const { body } = await finalAnswer(sends);
      expect(body).toContain('CRLF');
      expect(body).not.toContain('speaks only');
    }
  });

  it('RFC 9110 10.1.1: says 100 before it reads a body that waits for it', async () => {
    const answers = await onTheWire(gateway.port, post(JSON_BODY, 'Expect: 100-continue'));
    expect(answers.map(({ status }) => status)).toEqual([100, 200]);
  });

  it('RFC 9110 9.3.2: HEAD says what GET says, without the body', async () => {
    for (const path of [GET_QUERY, '/healthz', '/readyz', '/images/x', '/nothing']) {
      const [got] = await onTheWire(gateway.port, get(path));
      const [head] = await onTheWire(gateway.port, request(`HEAD ${path} HTTP/1.1`, HOST, CLOSE));
      const { date: _, ...headers } = got?.headers ?? {};
      expect({ path, ...head }).toMatchObject({ path, status: got?.status, headers, body: '' });
    }
    const [metrics] = await onTheWire(gateway.port, request('HEAD /metrics HTTP/1.1', HOST, CLOSE));
    expect(metrics).toMatchObject({ status: 200, body: '' });
  });

  it('RFC 9110 9.3.2: HEAD of a subscription begins none', async () => {
    const query = encodeURIComponent('subscription { boxStatus { id } }');
    const answers = await onTheWire(
      gateway.port,
      request(`HEAD /graphql?query=${query} HTTP/1.1`, HOST, CLOSE, 'Accept: text/event-stream'),
    );
    expect(answers).toMatchObject([
      { status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' },
    ]);
  });

  it('RFC 9112 9.3.2: answers requests that follow each other at once in their order', async () => {
    const answers = await onTheWire(
      gateway.port,
      request('GET /healthz HTTP/1.1', HOST) +
        request(`GET ${GET_QUERY} HTTP/1.1`, HOST) +
        get('/nothing'),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  });
});
