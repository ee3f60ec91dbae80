import { describe, expect, it } from 'vitest';
import { PermissionClass } from '../../src/access/permission-class.ts';
import type { RoleConfig } from '../../src/config/access.ts';
import { FULL_ROLE } from '../support/access.ts';
import { Inside, published } from '../support/inside.ts';
import { boxId } from '../support/recognitions.ts';
import { LIVE_PICTURES, ScriptedOutbox } from '../support/subscriber.ts';
import { until } from '../support/until.ts';

const classOf = (...roles: readonly Partial<RoleConfig>[]) =>
  new PermissionClass(roles.map((role) => ({ ...FULL_ROLE, ...role })));

const NO_HISTORY = classOf({ historyMs: 0 });

describe('a subscriber with a role', () => {
  it('gets what it was too slow for, though it may not look back', async () => {
    using inside = new Inside();
    await inside.event({ identityId: 'before' });
    const outbox = new ScriptedOutbox();
    const subscriber = inside.subscribe({ permissionClass: NO_HISTORY, outbox });
    outbox.level = 'hard';
    await inside.event({ identityId: 'one' });
    await inside.event({ identityId: 'two' });
    await published();
    outbox.clear();
    await until(() => subscriber.received.length === 2);
    expect(subscriber.received.map(({ identityId }) => identityId)).toEqual(['one', 'two']);
    expect(subscriber.received.flatMap(({ gapsBefore }) => gapsBefore)).toEqual([]);
  });

  it('is told once that it may not look back as far as it asks', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: 'before' });
    await inside.event({ identityId: 'too' });
    const subscriber = inside.subscribe({ permissionClass: NO_HISTORY, after });
    await until(() => subscriber.subscription.isLive);
    await inside.event({ identityId: 'now' });
    await inside.event({ identityId: 'then' });
    await until(() => subscriber.received.length === 2);
    expect(subscriber.received.map(({ gapsBefore }) => gapsBefore)).toEqual([
      [{ reason: 'RETENTION', from: null, to: expect.any(Number), boxId: null, count: null }],
      [],
    ]);
  });

  it('is told the same whoever was there: nothing tells what it may not look back to', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: '17' });
    const told = await Promise.all(
      ['17', '18'].map(async (identityId) => {
        const filter = { identityIds: [identityId] };
        const subscriber = inside.subscribe({ permissionClass: NO_HISTORY, after, filter });
        await until(() => subscriber.subscription.isLive);
        return [subscriber.subscription.gaps.length, subscriber.position];
      }),
    );
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.[0]).toBe(1);
  });

  it('does not learn who was there from roles that add up', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const permissionClass = classOf(
      { fields: ['identity'], historyMs: 0 },
      { fields: [], historyMs: Infinity },
    );
    await inside.event({ identityId: '17' });
    const filter = { identityIds: ['17'] };
    const subscriber = inside.subscribe({ permissionClass, after, filter });
    await until(() => subscriber.subscription.isLive);
    expect(subscriber.received).toEqual([]);
  });

  it('makes no box send pictures that it may not see', () => {
    using inside = new Inside();
    const faceless = classOf({ fields: ['identity', 'registered'] });
    const ofB = classOf({ boxIds: ['b'] }, { fields: ['registered'] });
    const asked = { withImages: true, pictures: LIVE_PICTURES };
    inside.subscribe({ ...asked, permissionClass: faceless });
    expect(inside.demand.of(boxId('a'))).toEqual({ live: false, registered: false });
    inside.subscribe({ ...asked, permissionClass: ofB });
    expect(inside.demand.of(boxId('a'))).toEqual({ live: false, registered: false });
    expect(inside.demand.of(boxId('b'))).toEqual({ live: true, registered: false });
  });
});
