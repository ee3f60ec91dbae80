import { toDeviceId } from '@se5/core';
import { describe, expect, it } from 'vitest';
import { PermissionClass } from '../../src/access/permission-class.ts';
import { UNLIMITED } from '../../src/access/roles.ts';
import { FULL_ROLE } from '../support/access.ts';
import { directoryWith } from '../support/directory.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { Inside, published } from '../support/inside.ts';

describe('subscribers who want the same answers', () => {
  it('share one execution, however they write it, and get the same bytes', async () => {
    await using gateway = new InsideGraphQL();
    const { fanout } = gateway.inside;
    const streams = [
      await gateway.subscribe('subscription { recognitionEvents { id box { name id } } }'),
      await gateway.subscribe(
        `subscription Named($with: Boolean!) { ...Root }
         fragment Root on Subscription { recognitionEvents(withImages: $with) { ...Event } }
         fragment Event on RecognitionEvent { id box { name } ... { box { id } } }`,
        { with: false },
      ),
      await gateway.subscribe(
        `subscription ($ids: [ID!]) {
           recognitionEvents(filter: { minScore: 0.1 }, deviceIds: $ids) { id box { name id @include(if: true) } }
         }`,
        { ids: ['a/gate'] },
      ),
    ];
    await gateway.inside.event();
    const [first, ...others] = await Promise.all(streams.map((each) => each.next()));
    expect(first?.value?.data).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
    expect(fanout.executions).toBe(1);
  });

  it('share none with those whose answers differ', async () => {
    await using gateway = new InsideGraphQL();
    const written = ['{ id }', '{ key: id }', '(withImages: true) { id }', '{ id score }'];
    const streams = await Promise.all(
      written.map((each) => gateway.subscribe(`subscription { recognitionEvents${each} }`)),
    );
    await gateway.inside.event();
    await Promise.all(streams.map((each) => each.next()));
    expect(gateway.inside.fanout.executions).toBe(written.length);
  });

  it('share none with viewers who may not see the same', async () => {
    using inside = new Inside();
    const subscribers = [
      UNLIMITED,
      new PermissionClass([{ ...FULL_ROLE, fields: [] }]),
      UNLIMITED,
    ].map((permissionClass) => inside.subscribe({ permissionClass }));
    await inside.event();
    await published();
    expect(subscribers.map(({ received }) => received.length)).toEqual([1, 1, 1]);
    expect(inside.fanout.executions).toBe(2);
  });

  it('get one payload, not copies of it', async () => {
    using inside = new Inside();
    const subscribers = [
      inside.subscribe(),
      inside.subscribe(),
      inside.subscribe({ deviceIds: ['gate'] }),
    ];
    await inside.event();
    const payloads = await Promise.all(subscribers.map(({ queue }) => queue.next()));
    expect(new Set(payloads).size).toBe(1);
  });

  it('all get the error of a field, and what is well', async () => {
    await using gateway = new InsideGraphQL({
      directory: (inside) =>
        directoryWith(inside, {
          lastEventAt: () => {
            throw new Error('secret');
          },
        }),
    });
    const document = 'subscription { recognitionEvents { identityId device { lastEventAt } } }';
    const streams = [await gateway.subscribe(document), await gateway.subscribe(document)];
    await gateway.inside.event({ identityId: '1' });
    const results = await Promise.all(streams.map((each) => each.next()));
    for (const { value } of results) {
      expect(value).toEqual({
        data: { recognitionEvents: { identityId: '1', device: { lastEventAt: null } } },
        errors: [
          {
            message: expect.not.stringContaining('secret'),
            path: ['recognitionEvents', 'device', 'lastEventAt'],
            extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
          },
        ],
      });
    }
    expect(gateway.logged).toHaveLength(1);
  });

  it('go on with the next event after one that could not be answered', async () => {
    await using gateway = new InsideGraphQL();
    const document = 'subscription { recognitionEvents { identityId extra } }';
    const streams = [await gateway.subscribe(document), await gateway.subscribe(document)];
    const extra = { toJSON: fail };
    await gateway.inside.event({ identityId: 'bad', extra: extra as never });
    await gateway.inside.event({ identityId: 'good' });
    for (const stream of streams) {
      expect((await stream.next()).value?.errors).toMatchObject([
        { extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ]);
      expect((await stream.next()).value?.data).toEqual({
        recognitionEvents: { identityId: 'good', extra: {} },
      });
    }
    expect(gateway.logged).toHaveLength(1);
  });
});

const fail = () => {
  throw new Error('not to be told');
};

describe('an event that nobody wants', () => {
  it('executes nothing', async () => {
    using inside = new Inside();
    const subscribers = [
      inside.subscribe({ deviceIds: ['door'] }),
      inside.subscribe({ filter: { personTypes: ['VIP'] } }),
      inside.subscribe({ filter: { boxIds: ['b'] } }),
    ];
    await inside.events(10);
    await published();
    expect(inside.fanout.executions).toBe(0);
    expect(subscribers.map(({ outbox }) => outbox.flushes)).toEqual([0, 0, 0]);
  });
});

describe('ten thousand subscribers of ten thousand devices', () => {
  it('cost an event no more than one', async () => {
    using inside = new Inside();
    const one = inside.subscribe({ deviceIds: ['d5000'] });
    const looksForOne = async () => {
      const before = inside.fanout.candidatesExamined;
      await inside.event({ deviceId: toDeviceId('d5000') });
      await published();
      return inside.fanout.candidatesExamined - before;
    };
    const alone = await looksForOne();
    await one.return();
    const all = Array.from({ length: 10_000 }, (_, i) =>
      inside.subscribe({ deviceIds: [`d${i}`] }),
    );
    expect(await looksForOne()).toBe(alone);
    expect(all.filter(({ received }) => received.length > 0)).toEqual([all[5_000]]);
    expect(inside.fanout.executions).toBe(2);
  });
});
