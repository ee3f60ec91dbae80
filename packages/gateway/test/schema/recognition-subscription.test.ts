import { toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultStream } from '../../src/graphql/public-stream.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';
import { nextIn } from '../support/results.ts';

describe('the subscription to recognitions', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const subscribe = (args: string, fields: string) =>
    gateway.subscribe(`subscription { recognitionEvents${args} { ${fields} } }`);
  const next = (stream: ResultStream) => nextIn(stream, 'recognitionEvents');

  it('sends what happens from now on', async () => {
    await gateway.inside.event({ identityId: 'before' });
    const stream = await subscribe('', 'identityId replayed gapsBefore { reason }');
    const waiting = next(stream);
    await gateway.inside.event({ identityId: 'now' });
    expect(await waiting).toEqual({ identityId: 'now', replayed: false, gapsBefore: [] });
  });

  it.each([
    ['(deviceIds: null)', ['1', '2', '3']],
    ['(deviceIds: ["gate"])', ['1', '3']],
    ['(deviceIds: ["a/gate"])', ['1']],
    ['(deviceIds: ["a/gate", "b/gate"], filter: { siteIds: ["plant"] })', ['3']],
    ['(filter: { deviceIds: ["door"] })', ['2']],
  ])('%s brings the events %j', async (args, ids) => {
    const stream = await subscribe(args, 'identityId');
    await gateway.inside.event({ identityId: '1' });
    await gateway.inside.event({ identityId: '2', deviceId: toDeviceId('door') });
    await gateway.inside.event({ identityId: '3', boxId: boxId('b') });
    for (const identityId of ids) expect(await next(stream)).toEqual({ identityId });
  });

  it('brings nothing for an empty list of devices', async () => {
    const stream = await subscribe('(deviceIds: [])', 'identityId');
    const waiting = stream.next();
    await gateway.inside.event();
    await stream.return();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('goes on behind a cursor, and says what was replayed', async () => {
    const seen = await gateway.inside.event();
    await gateway.inside.event({ identityId: 'missed' });
    const after = gateway.inside.journal.cursorAt(seen.position);
    const stream = await subscribe(`(after: "${after}")`, 'identityId replayed');
    expect(await next(stream)).toEqual({ identityId: 'missed', replayed: true });
    await gateway.inside.event({ identityId: 'live' });
    expect(await next(stream)).toEqual({ identityId: 'live', replayed: false });
  });

  it('says what could not be had any more before the event that follows', async () => {
    await using other = createMemoryJournal();
    const stream = await subscribe(
      `(after: "${other.cursorAt(other.newest)}")`,
      'gapsBefore { reason from to boxId count }',
    );
    await gateway.inside.gap({ count: 3 });
    await gateway.inside.event();
    expect(await next(stream)).toEqual({
      gapsBefore: [
        expect.objectContaining({ reason: 'UNKNOWN_CURSOR', boxId: null }),
        {
          reason: 'BOX_UNREACHABLE',
          from: '1970-01-01T00:00:00.001Z',
          to: '1970-01-01T00:00:00.002Z',
          boxId: 'a',
          count: 3,
        },
      ],
    });
  });

  it.each([
    ['(after: "yesterday")', 'INVALID_CURSOR'],
    ['(filter: { minScore: 2 })', 'BAD_USER_INPUT'],
  ])('%s is refused as %s, and nobody is subscribed', async (args, code) => {
    const { errors } = await gateway.ask(`subscription { recognitionEvents${args} { id } }`);
    expect(errors).toMatchObject([{ path: ['recognitionEvents'], extensions: { code } }]);
    expect(gateway.subscribers).toBe(0);
  });

  const IMAGES =
    'faceImage { url base64 byteLength } sceneImage { url } registeredImage { url } imagesOmitted';

  it('shows no picture unless it is withImages', async () => {
    const pictures = gateway.put('face', 'AAAA');
    const [without, withImages] = [
      await subscribe('', IMAGES),
      await subscribe('(withImages: true)', IMAGES),
    ];
    await gateway.inside.event({ pictures });
    const none = { faceImage: null, sceneImage: null, registeredImage: null, imagesOmitted: false };
    expect(await next(without)).toEqual(none);
    const url = expect.stringMatching(/^\/images\/./);
    expect(await next(withImages)).toEqual({
      ...none,
      faceImage: { url, base64: 'AAAA', byteLength: 3 },
    });
  });

  it('leaves out the base64 for one who is far behind, and says so; the urls work', async () => {
    const pictures = gateway.put('face', 'AAAA');
    const { journal } = gateway.inside;
    const after = journal.cursorAt(journal.newest);
    await gateway.inside.event({ pictures });
    await gateway.inside.events(2_000);
    const stream = await subscribe(
      `(withImages: true, after: "${after}")`,
      'imagesOmitted faceImage { url base64 }',
    );
    expect(await next(stream)).toEqual({
      imagesOmitted: true,
      faceImage: { url: expect.any(String), base64: null },
    });
  });

  it('says what it still knows of a picture that is gone', async () => {
    const key = gateway.images.keyOf('another event', 'face');
    const pictures = { face: { key, byteLength: 7, contentType: 'image/jpeg' } };
    const stream = await subscribe(
      '(withImages: true)',
      'faceImage { url base64 byteLength contentType }',
    );
    await gateway.inside.event({ pictures });
    expect(await next(stream)).toEqual({
      faceImage: { url: null, base64: null, byteLength: 7, contentType: 'image/jpeg' },
    });
  });

  it('does not touch a picture’s bytes for its url', async () => {
    const touched: string[] = [];
    const { images } = gateway;
    const get = images.get.bind(images);
    images.get = (key) => {
      touched.push(key);
      return get(key);
    };
    const pictures = gateway.put('face', 'AAAA');
    const stream = await subscribe(
      '(withImages: true)',
      'faceImage { url byteLength contentType }',
    );
    await gateway.inside.event({ pictures });
    expect(await next(stream)).toMatchObject({ faceImage: { byteLength: 3 } });
    expect(touched).toEqual([]);
  });

  it('ends at once when it is returned, also while nothing happens', async () => {
    const stream = await subscribe('', 'id');
    const waiting = stream.next();
    expect(gateway.subscribers).toBe(1);
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(gateway.subscribers).toBe(0);
  });
});
