import { toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import type { RoleConfig } from '../../src/config/access.ts';
import { newAlarmId, type RuleMatch } from '../../src/journal/alarm/alarm.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { ruleMatch, watchedEntry } from '../support/alarms.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId, recognition, siteId } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

const PAGE = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor }';

const pageSchema = z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) });
const fullPageSchema = z.object({
  edges: z.array(z.object({ cursor: z.string(), node: z.object({ id: z.string() }) })),
  pageInfo: z.object({
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    endCursor: z.string(),
  }),
});

let gateway: InsideGraphQL;
beforeEach(() => {
  gateway = new InsideGraphQL();
});
afterEach(() => gateway[Symbol.asyncDispose]());

/** An event of box a's gate, unless it is said otherwise, that opens an alarm or adds to one. */
async function watched(given: Partial<Recognition> = {}, match: Partial<RuleMatch> = {}) {
  const matched = ruleMatch(match);
  const place = { siteId: siteId('hq'), boxId: boxId('a'), deviceId: toDeviceId('gate') };
  const event = recognition({ ...place, ...given });
  await gateway.inside.journal.append({ kind: 'event', event, matches: [matched] });
  return { id: matched.alarm, event };
}

async function ask(query: string, role?: Partial<RoleConfig>) {
  const viewer = role ? viewerWith(role) : OPEN_VIEWER;
  const { data, errors = [] } = await gateway.ask(query, undefined, viewer);
  return { data, codes: errors.map(({ extensions }) => extensions?.['code']) };
}

const idsOf = async (args: string, role?: Partial<RoleConfig>) => {
  const { data } = await ask(`{ alarms${args} { edges { node { id } } } }`, role);
  return pageSchema.parse(data?.['alarms']).edges.map(({ node }) => node.id);
};

describe('alarms', () => {
  it('tell what happened, who was seen, and what people did', async () => {
    const at = { occurredAt: 1_000, identityId: '17', identityName: 'field', receivedAt: 1_080 };
    const { id } = await watched(at);
    const { event } = await watched({ ...at, occurredAt: 1_500, receivedAt: 1_580 });
    await ask(`mutation { acknowledgeAlarm(id: "${id}", key: "1", assignee: "guard") { id } }`);
    await ask(`mutation { closeAlarm(id: "${id}", key: "2", note: "was a guest") { id } }`);
    const { data } = await ask(`{ alarm(id: "${id}") {
      __typename id rule title severity state openedAt device { id } box { id } site { id } personType
      identityId identityName eventCount lastEventAt lastEvent { id occurredAt }
      events { totalCount edges { node { occurredAt } } }
      assignee notes { text by } acknowledgedBy closedBy
    } }`);
    expect(data?.['alarm']).toEqual({
      ...{ __typename: 'Alarm', id, rule: 'watched', title: 'Watched person', severity: 'HIGH' },
      ...{ state: 'CLOSED', openedAt: '1970-01-01T00:00:01.000Z' },
      ...{ device: { id: 'a/gate' }, box: { id: 'a' }, site: { id: 'hq' }, personType: 'VISITOR' },
      ...{ identityId: '17', identityName: 'field' },
      eventCount: 2,
      lastEventAt: '1970-01-01T00:00:01.500Z',
      lastEvent: { id: event.id, occurredAt: '1970-01-01T00:00:01.500Z' },
      events: {
        totalCount: 2,
        edges: [
          { node: { occurredAt: '1970-01-01T00:00:01.000Z' } },
          { node: { occurredAt: '1970-01-01T00:00:01.500Z' } },
        ],
      },
      ...{ assignee: 'guard', notes: [{ text: 'was a guest', by: 'anybody' }] },
      ...{ acknowledgedBy: 'anybody', closedBy: 'anybody' },
    });
  });

  it('come in pages, the one that was opened last first', async () => {
    const opened: string[] = [];
    for (let at = 1; at <= 5; at += 1) {
      opened.unshift((await watched({ identityId: `${at}` })).id);
    }
    const seen: string[] = [];
    let after = '';
    for (const size of [2, 2, 1]) {
      const { data } = await ask(`{ alarms(first: 2${after}) { ${PAGE} } }`);
      const { edges, pageInfo } = fullPageSchema.parse(data?.['alarms']);
      expect(edges).toHaveLength(size);
      expect(pageInfo.hasPreviousPage).toBe(after !== '');
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
      seen.push(...edges.map(({ node }) => node.id));
      expect(pageInfo.hasNextPage).toBe(seen.length < 5);
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(opened);
    expect((await ask(`{ alarms(first: 0) { ${PAGE} } }`)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(`{ alarms(first: 101) { ${PAGE} } }`)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(`{ alarms(after: "x") { ${PAGE} } }`)).codes).toEqual(['INVALID_CURSOR']);
  });

  it('that one event opened have cursors of their own, also when the one of a cursor is closed', async () => {
    const { inside } = gateway;
    const matches = ['one', 'two', 'three'].map((rule) => ruleMatch({ rule }));
    await watched();
    await inside.journal.append(watchedEntry({ identityId: '17' }, ...matches));
    const page = async (size: number, after = '') => {
      const open = 'filter: { states: [OPEN] }';
      const { data } = await ask(`{ alarms(${open}, first: ${size}${after}) { ${PAGE} } }`);
      return fullPageSchema.parse(data?.['alarms']);
    };
    const all = (await page(10)).edges;
    expect(new Set(all.map(({ cursor }) => cursor)).size).toBe(4);
    const seen = [];
    let after = '';
    for (const size of [1, 2, 1]) {
      const { edges, pageInfo } = await page(size, after);
      seen.push(...edges);
      expect(pageInfo.hasNextPage).toBe(seen.length < all.length);
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(all);
    const [first, second] = all;
    await ask(`mutation { closeAlarm(id: "${second?.node.id}", key: "1") { id } }`);
    expect((await page(10, `, after: "${second?.cursor}"`)).edges).toEqual(all.slice(2));
    expect((await page(10, `, after: "${first?.cursor}"`)).edges).toEqual(all.slice(2));
    expect((await page(10, `, after: "${first?.cursor.split('.')[0]}"`)).edges).toEqual(
      all.slice(3),
    );
  });

  it('are filtered by state, severity, rule and place', async () => {
    const a = (await watched({}, { rule: 'one', severity: 'LOW' })).id;
    const place = { siteId: siteId('plant'), boxId: boxId('b') };
    const b = (await watched(place, { rule: 'two', severity: 'HIGH' })).id;
    await ask(`mutation { acknowledgeAlarm(id: "${a}", key: "1") { id } }`);
    const filtered = (filter: string) => idsOf(`(filter: { ${filter} })`);
    expect(await filtered('states: [OPEN]')).toEqual([b]);
    expect(await filtered('states: [ACKNOWLEDGED, CLOSED]')).toEqual([a]);
    expect(await filtered('states: []')).toEqual([]);
    expect(await filtered('states: null')).toEqual([b, a]);
    expect(await filtered('severities: [LOW]')).toEqual([a]);
    expect(await filtered('rules: ["two"]')).toEqual([b]);
    expect(await filtered('siteIds: ["hq"]')).toEqual([a]);
    expect(await filtered('boxIds: ["b"]')).toEqual([b]);
    expect(await filtered('deviceIds: ["a/gate"]')).toEqual([a]);
    expect(await filtered('deviceIds: ["gate"], boxIds: ["a"], severities: [HIGH]')).toEqual([]);
  });

  it('are nodes', async () => {
    const { id } = await watched();
    const node = `{ node(id: "${id}") { __typename id ... on Alarm { state } } }`;
    expect((await ask(node)).data).toEqual({ node: { __typename: 'Alarm', id, state: 'OPEN' } });
    expect((await ask(`{ alarm(id: "${newAlarmId()}") { id } }`)).data).toEqual({ alarm: null });
  });
});

describe('an alarm', () => {
  it.each([
    [{ siteIds: ['plant'] }],
    [{ boxIds: ['b'] }],
    [{ deviceIds: ['door'] }],
    [{ personTypes: ['VIP'] }],
    [{ historyMs: 0 }],
    [{ historyMs: 60_000 }],
  ] as const)('is not there for a role with %j', async (role) => {
    const { id } = await watched({ receivedAt: Date.now() - 61_000 });
    expect(await idsOf('')).toEqual([id]);
    expect(await idsOf('', role)).toEqual([]);
    const { data } = await ask(`{ alarm(id: "${id}") { id } node(id: "${id}") { id } }`, role);
    expect(data).toEqual({ alarm: null, node: null });
    for (const act of ['acknowledgeAlarm', 'closeAlarm']) {
      const mutation = `mutation { ${act}(id: "${id}", key: "1") { id } }`;
      expect((await ask(mutation, { ...role, mayAnswer: true })).codes).toEqual([
        'ALARM_NOT_FOUND',
      ]);
    }
  });

  it('does not say who it is about to a role without identity', async () => {
    const { id } = await watched({ identityId: '17', identityName: 'field' });
    const fields = 'identityId identityName lastEvent { identityName } state';
    const { data } = await ask(`{ alarm(id: "${id}") { ${fields} } }`, { fields: ['face'] });
    expect(data?.['alarm']).toEqual({
      ...{ identityId: null, identityName: null, lastEvent: { identityName: null }, state: 'OPEN' },
    });
  });

  it('has no last event when that is erased', async () => {
    const { id } = await watched({ identityId: '17', receivedAt: 1_000 });
    await watched({ identityId: '17', receivedAt: 2_000 });
    const query = `{ alarm(id: "${id}") { eventCount lastEvent { id } } }`;
    expect((await ask(query)).data).toMatchObject({
      alarm: { lastEvent: { id: expect.any(String) } },
    });
    const erased = await gateway.inside.journal.erase({ kind: 'identity', identityId: '17' });
    expect(erased.events).toBe(2);
    expect((await ask(query)).data).toEqual({ alarm: null });
  });
});

describe('answering an alarm', () => {
  const acknowledge = (id: string, key: string) =>
    `mutation { acknowledgeAlarm(id: "${id}", key: "${key}") { state acknowledgedBy } }`;

  it('needs the right to', async () => {
    const { id } = await watched();
    for (const field of ['acknowledgeAlarm(', 'closeAlarm(', 'addAlarmNote(text: "a", ']) {
      const mutation = `mutation { ${field}id: "${id}", key: "1") { id } }`;
      expect((await ask(mutation, {})).codes).toEqual(['NOT_ALLOWED']);
      expect((await ask(mutation, { mayAnswer: true })).codes).toEqual([]);
    }
  });

  it('is done once for a key, and once at all', async () => {
    const { id } = await watched();
    const answer = { acknowledgeAlarm: { state: 'ACKNOWLEDGED', acknowledgedBy: 'anybody' } };
    expect((await ask(acknowledge(id, 'one'))).data).toEqual(answer);
    const { newest } = gateway.inside.journal;
    expect((await ask(acknowledge(id, 'one'))).data).toEqual(answer);
    expect(gateway.inside.journal.newest).toBe(newest);
    expect((await ask(acknowledge(id, 'two'))).codes).toEqual(['ALARM_ACKNOWLEDGED']);
    await ask(`mutation { closeAlarm(id: "${id}", key: "3") { id } }`);
    expect((await ask(acknowledge(id, 'three'))).codes).toEqual(['ALARM_CLOSED']);
    expect((await ask(acknowledge(newAlarmId(), 'one'))).codes).toEqual(['ALARM_NOT_FOUND']);
  });

  it('adds 100 notes at most, also to a closed alarm', async () => {
    const { id } = await watched();
    await ask(`mutation { closeAlarm(id: "${id}", key: "c", note: "closed") { id } }`);
    const note = (key: number) =>
      ask(`mutation { addAlarmNote(id: "${id}", key: "${key}", text: "a") { notes { text } } }`);
    for (let key = 0; key < 100; key += 1) expect((await note(key)).codes).toEqual([]);
    expect((await note(100)).codes).toEqual(['ALARM_FULL']);
    expect((await note(99)).codes).toEqual([]);
  });

  it.each([
    'acknowledgeAlarm(id: "a", key: "")',
    `acknowledgeAlarm(id: "a", key: "${'k'.repeat(129)}")`,
    `acknowledgeAlarm(id: "a", key: "1", assignee: "${'g'.repeat(101)}")`,
    `closeAlarm(id: "a", key: "1", note: "${'n'.repeat(1_001)}")`,
    'addAlarmNote(id: "a", key: "1", text: "")',
  ])('has texts of a length that is allowed: %.40s', async (field) => {
    expect((await ask(`mutation { ${field} { id } }`)).codes).toEqual(['BAD_USER_INPUT']);
  });
});
