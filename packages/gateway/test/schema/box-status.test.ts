import { BoxError } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultStream } from '../../src/graphql/public-stream.ts';
import { countListeners } from '../support/directory.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxDevice, boxId } from '../support/recognitions.ts';
import { nextIn } from '../support/results.ts';

const STATUS = 'id link { state attempts } devices { id }';
const a = boxId('a');
const b = boxId('b');

describe('boxStatus', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const subscribe = (args = '') =>
    gateway.subscribe(`subscription { boxStatus${args} { ${STATUS} } }`);
  const next = (stream: ResultStream) => nextIn(stream, 'boxStatus');

  it('tells each box as it is now, then each change', async () => {
    const stream = await subscribe();
    expect(await next(stream)).toMatchObject({ id: 'a', link: { state: 'STOPPED' } });
    expect(await next(stream)).toMatchObject({ id: 'b', link: { state: 'STOPPED' } });
    const change = next(stream);
    gateway.inside.directory.linked(b, { name: 'LIVE', since: 1 });
    expect(await change).toMatchObject({ id: 'b', link: { state: 'LIVE' } });
    gateway.inside.directory.list(a, [boxDevice('new')]);
    expect(await next(stream)).toMatchObject({ id: 'a', devices: [{ id: 'a/new' }] });
    await stream.return();
  });

  it('tells how reading back what was missed goes', async () => {
    const stream = await gateway.subscribe(
      'subscription { boxStatus(boxIds: ["a"]) { backfill { state from to recovered error } } }',
    );
    expect(await next(stream)).toEqual({ backfill: null });
    const error = new BoxError('NOT_SUPPORTED', 'no such endpoint');
    const outage = { from: 0, to: 1_000, recovered: 2, missingPictures: 0 };
    gateway.inside.directory.backfilled(a, { ...outage, state: 'INCOMPLETE', error });
    expect(await next(stream)).toEqual({
      backfill: {
        state: 'INCOMPLETE',
        from: '1970-01-01T00:00:00.000Z',
        to: '1970-01-01T00:00:01.000Z',
        recovered: 2,
        error: 'NOT_SUPPORTED: no such endpoint',
      },
    });
    await stream.return();
  });

  it('tells why the devices of a box that is up could not be read, until they are', async () => {
    const stream = await gateway.subscribe(
      'subscription { boxStatus(boxIds: ["a"]) { link { state lastError } } }',
    );
    await next(stream);
    const { directory } = gateway.inside;
    const failed = () => new BoxError('PROTOCOL', 'HTTP 500');
    const change = next(stream);
    directory.devicesPolled(a, failed());
    expect(await change).toEqual({ link: { state: 'STOPPED', lastError: null } });
    const isUp = next(stream);
    directory.linked(a, { name: 'LIVE', since: 1 });
    const lastError = 'PROTOCOL: not all of its devices could be read: HTTP 500';
    expect(await isUp).toEqual({ link: { state: 'LIVE', lastError } });
    const isRead = next(stream);
    // The same again is no news.
    directory.devicesPolled(a, failed());
    directory.linked(a, { name: 'SILENT', since: 2 });
    expect(await isRead).toEqual({ link: { state: 'SILENT', lastError } });
    const isLost = next(stream);
    directory.devicesPolled(a);
    expect(await isLost).toEqual({ link: { state: 'SILENT', lastError: null } });
    const ended = next(stream);
    const error = new BoxError('CLOSED', 'gone');
    directory.devicesPolled(a, failed());
    directory.linked(a, {
      name: 'BACKING_OFF',
      since: 3,
      attemptedAt: 3,
      attempts: 1,
      retryAt: 4,
      lastError: error,
    });
    expect(await ended).toEqual({ link: { state: 'BACKING_OFF', lastError: 'CLOSED: gone' } });
    await stream.return();
  });

  it('tells one who reads slowly the latest state of a box, once', async () => {
    const stream = await subscribe('(boxIds: ["a"])');
    await next(stream);
    for (let attempts = 1; attempts <= 1_000; attempts += 1) {
      const lastError = new BoxError('TIMEOUT', 'no answer');
      gateway.inside.directory.linked(a, {
        name: 'CONNECTING',
        since: 1,
        attemptedAt: 2,
        attempts,
        lastError,
      });
    }
    expect(await next(stream)).toMatchObject({ link: { state: 'CONNECTING', attempts: 1_000 } });
    const change = next(stream);
    gateway.inside.directory.linked(a, { name: 'LIVE', since: 2 });
    expect(await change).toMatchObject({ link: { state: 'LIVE' } });
    await stream.return();
  });

  it('tells nothing of other boxes, and nothing at all for an empty list', async () => {
    const some = await subscribe('(boxIds: ["b", "nobody"])');
    const none = await subscribe('(boxIds: [])');
    expect(await next(some)).toMatchObject({ id: 'b' });
    const [ofSome, ofNone] = [next(some), none.next()];
    gateway.inside.directory.linked(a, { name: 'LIVE', since: 1 });
    gateway.inside.directory.linked(b, { name: 'SILENT', since: 1 });
    expect(await ofSome).toMatchObject({ id: 'b', link: { state: 'SILENT' } });
    await none.return();
    expect(await ofNone).toEqual({ done: true, value: undefined });
    await some.return();
  });

  it('ends at once while it waits, and leaves no listener behind', async () => {
    let listening: ReturnType<typeof countListeners> | undefined;
    await using watched = new InsideGraphQL({
      directory: (inside) => {
        listening = countListeners(inside);
        return listening.directory;
      },
    });
    const stream = await watched.subscribe('subscription { boxStatus(boxIds: []) { id } }');
    const waiting = stream.next();
    expect(listening?.listeners).toBe(2);
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(listening?.listeners).toBe(0);
  });
});
