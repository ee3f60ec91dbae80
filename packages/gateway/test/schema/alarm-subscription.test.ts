import { toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultStream } from '../../src/graphql/public-stream.ts';
import type { RuleMatch } from '../../src/journal/alarm/alarm.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { actEntry, ruleMatch } from '../support/alarms.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId, recognition, siteId } from '../support/recognitions.ts';
import { nextIn } from '../support/results.ts';

const FIELDS = 'id state eventCount cursor';

interface Told {
  readonly id: string;
  readonly state: string;
  readonly eventCount: number;
  readonly cursor: string;
}

describe('a subscription to alarms', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const subscribe = (args = '') =>
    gateway.subscribe(`subscription { alarms${args} { ${FIELDS} } }`);
  const next = async (stream: ResultStream) => (await nextIn(stream, 'alarms')) as Told;

  /** An event of box a's gate, with an alarm for each of these matches. */
  async function watched(given: Partial<Recognition> = {}, ...matches: readonly RuleMatch[]) {
    const matched = matches.length > 0 ? matches : [ruleMatch()];
    const place = { siteId: siteId('hq'), boxId: boxId('a'), deviceId: toDeviceId('gate') };
    const event = recognition({ ...place, ...given });
    await gateway.inside.journal.append({ kind: 'event', event, matches: matched });
    return matched[0]?.alarm ?? ruleMatch().alarm;
  }

  it('tells each alarm that opens or changes', async () => {
    await watched({ identityId: 'before' });
    await using stream = await subscribe();
    const first = next(stream);
    const id = await watched();
    expect(await first).toMatchObject({ id, state: 'OPEN', eventCount: 1 });
    await watched();
    expect(await next(stream)).toMatchObject({ id, eventCount: 2 });
    await gateway.inside.event();
    await gateway.inside.journal.append(actEntry(id, 'ACKNOWLEDGE'));
    expect(await next(stream)).toMatchObject({ id, state: 'ACKNOWLEDGED', eventCount: 2 });
  });

  it('tells a slow client the latest state, not all states in between', async () => {
    await using stream = await subscribe();
    const id = await watched();
    expect(await next(stream)).toMatchObject({ id, eventCount: 1 });
    for (let count = 2; count <= 50; count += 1) await watched();
    const other = await watched({ identityId: 'other' });
    expect(await next(stream)).toMatchObject({ id, eventCount: 50 });
    expect(await next(stream)).toMatchObject({ id: other });
  });

  it('begins after a cursor with all that changed since, whatever the number', async () => {
    const old = await watched({ identityId: 'old' });
    const { cursor } = gateway.inside;
    const ids: string[] = [];
    for (let at = 0; at < 45; at += 1) ids.push(await watched({ identityId: `${at}` }));
    await gateway.inside.journal.append(actEntry(old, 'CLOSE'));
    await using stream = await subscribe(`(after: "${cursor}")`);
    const told: string[] = [];
    while (told.length < 46) told.push((await next(stream)).id);
    expect(told).toEqual([...ids, old]);
    const more = next(stream);
    const id = await watched({ identityId: 'new' });
    expect((await more).id).toBe(id);
  });

  it('goes on after the cursor of any alarm with those that were not told', async () => {
    const { cursor } = gateway.inside;
    const matches = ['one', 'two', 'three'].map((rule) => ruleMatch({ rule }));
    await watched({}, ...matches);
    const last = await watched({ identityId: 'last' });
    const all = [...matches.map(({ alarm }) => alarm), last];
    await using stream = await subscribe(`(after: "${cursor}")`);
    // Alarms of one event come again together, until the last of them has come.
    for (const rest of [all, all, [last]]) {
      const { cursor } = await next(stream);
      await using resumed = await subscribe(`(after: "${cursor}")`);
      const told: string[] = [];
      while (told.length < rest.length) told.push((await next(resumed)).id);
      expect(told).toEqual(rest);
    }
    expect((await next(stream)).id).toBe(last);
  });

  it('filters', async () => {
    await using stream = await subscribe('(filter: { severities: [LOW], siteIds: ["hq"] })');
    await watched({ identityId: '1' });
    const id = await watched({ identityId: '2' }, ruleMatch({ severity: 'LOW' }));
    expect((await next(stream)).id).toBe(id);
  });

  it('forgets what waits when somebody is erased', async () => {
    await using stream = await subscribe();
    const first = await watched({ identityId: 'first' });
    expect((await next(stream)).id).toBe(first);
    await watched({ identityId: 'second' });
    const third = await watched({ identityId: 'third' });
    const fourth = await watched({ identityId: 'fourth' });
    expect((await next(stream)).state).toBe('OPEN');
    await gateway.inside.journal.erase({ kind: 'identity', identityId: 'third' });
    gateway.inside.fanout.forget();
    expect((await next(stream)).id).toBe(fourth);
    expect(third).not.toBe(fourth);
  });

  it('is an error with a text that is no cursor', async () => {
    await expect(subscribe('(after: "x")')).rejects.toThrow('INVALID_CURSOR');
  });

  it('holds nothing once it has ended', async () => {
    const stream = await subscribe();
    const waiting = stream.next();
    await stream.return();
    expect((await waiting).done).toBe(true);
  });
});
