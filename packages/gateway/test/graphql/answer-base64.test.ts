import type { PictureSlot } from '@se5/core';
import { describe, expect, it, vi } from 'vitest';
import type { ImagesConfig } from '../../src/config/config.ts';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { until } from '../support/until.ts';

/** Of one picture, in bytes. */
const BASE64 = 1_000;

const PAGE = `query ($first: Int, $withBase64: Boolean = true) {
  recognitionEvents(first: $first) {
    edges { node { identityId
      faceImage { byteLength base64 @include(if: $withBase64) }
      sceneImage { base64 @include(if: $withBase64) }
    } }
  }
}`;

/** Five events that show two pictures each, and place for four pictures. */
async function setUp(capture: ImagesConfig['capture'] = 'on-demand') {
  const gateway = await ServedGraphQL.start({
    images: { capture },
    limits: { ...DEFAULT_LIMITS, base64Bytes: 4 * BASE64 },
  });
  const picture = (slot: PictureSlot) => gateway.put(slot, 'A'.repeat(BASE64));
  for (let made = 0; made < 5; made += 1) {
    await gateway.inside.event({ pictures: { ...picture('face'), ...picture('scene') } });
  }
  return gateway;
}

const refusal = {
  extensions: { code: 'ANSWER_TOO_LARGE' },
  message: expect.stringMatching(/4000 bytes .* fewer events .* url instead of base64/),
};

describe('an answer with pictures as base64', () => {
  it('is made as long as there are few of them, by whatever size of page', async () => {
    await using gateway = await setUp();
    const { data, errors } = await gateway.ask(PAGE, { first: 2 });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data).length).toBeGreaterThan(4 * BASE64);
  });

  it('is refused as a whole when there are too many, and no more of them is fetched', async () => {
    await using gateway = await setUp();
    const get = vi.spyOn(gateway.images, 'get');
    expect(await gateway.ask(PAGE, { first: 5 })).toEqual({ errors: [refusal] });
    expect(get.mock.calls.length).toBe(4);
  });

  it('counts what is not kept, as long as it is in memory', async () => {
    await using gateway = await setUp('never');
    expect(await gateway.ask(PAGE, { first: 5 })).toEqual({ errors: [refusal] });
  });

  it('counts all that one operation asks for, under whatever name', async () => {
    await using gateway = await setUp();
    const fields =
      'edges { node { one: faceImage { base64 } two: faceImage { base64 again: base64 } } }';
    const query = `{ a: recognitionEvents(first: 1) { ${fields} } b: recognitionEvents(last: 1) { ${fields} } }`;
    expect(await gateway.ask(query)).toEqual({ errors: [refusal] });
    expect((await gateway.ask(PAGE, { first: 2 })).errors).toBeUndefined();
  });

  it('is not refused for what is gone', async () => {
    await using gateway = await setUp();
    const gone = (['face', 'scene'] as const).map((slot) => gateway.images.keyOf('an event', slot));
    await gateway.images.delete(gone);
    const { data, errors } = await gateway.ask(PAGE, { first: 5 });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data).match(/"base64":null/g)?.length).toBe(2 * 5);
  });

  it('may show any number of events without', async () => {
    await using gateway = await setUp();
    const { data, errors } = await gateway.ask(PAGE, { first: 500, withBase64: false });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ recognitionEvents: { edges: { length: 5 } } });
  });

  it('may have one picture of any size', async () => {
    await using gateway = await setUp();
    await gateway.inside.event({ pictures: gateway.put('face', 'A'.repeat(10 * BASE64)) });
    const query = '{ recognitionEvents(last: 1) { edges { node { faceImage { base64 } } } } }';
    expect((await gateway.ask(query)).errors).toBeUndefined();
  });

  it('is refused with 400 over HTTP, and with a result over a WebSocket', async () => {
    await using gateway = await setUp();
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json',
      },
      body: JSON.stringify({ query: PAGE }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ errors: [refusal] });
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    await socket.initialise();
    socket.subscribe('1', PAGE);
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { errors: [refusal] } });
  });
});

it('a subscription may have as much base64 as its events have', async () => {
  await using gateway = await setUp();
  await using socket = await RawSocket.open(gateway.webSocketUrl);
  await socket.initialise();
  socket.subscribe(
    '1',
    'subscription { recognitionEvents(withImages: true) { faceImage { base64 } } }',
  );
  await until(() => gateway.subscribers === 1);
  const base64 = 'A'.repeat(BASE64);
  for (let made = 0; made < 10; made += 1) {
    await gateway.inside.event({ pictures: gateway.put('face', base64) });
    expect(await socket.next()).toMatchObject({
      payload: { data: { recognitionEvents: { faceImage: { base64 } } } },
    });
  }
});
