import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPEN_VIEWER, Roles } from '../../src/access/roles.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { FIELD_GROUPS, type RoleConfig } from '../../src/config/access.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { FULL_ROLE } from '../support/access.ts';
import { anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

const HOUR_MS = 3_600_000;

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Record<string, unknown> }[];
  readonly pageInfo: Record<string, unknown>;
}

describe('people', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
  const people = async (args: string, fields: string, viewer = OPEN_VIEWER) => {
    const query = `{ people${args && `(${args})`} { edges { cursor node { ${fields} } } ${PAGE_INFO} } }`;
    const { data, errors } = await gateway.ask(query, undefined, viewer);
    expect(errors).toBeUndefined();
    return data?.['people'] as Page;
  };
  const names = async (args: string, viewer?: Viewer) =>
    (await people(args, 'identityName', viewer)).edges.map(({ node }) => node['identityName']);
  const person = async (identityId: string, fields: string, viewer = OPEN_VIEWER) => {
    const query = `query ($id: String!) { person(identityId: $id) { ${fields} } }`;
    const { data, errors } = await gateway.ask(query, { id: identityId }, viewer);
    expect(errors).toBeUndefined();
    return data?.['person'] as Record<string, unknown> | null;
  };
  const seen = (
    identityId: string,
    identityName: string,
    more: Parameters<typeof gateway.inside.event>[0] = {},
  ) => gateway.inside.event({ identityId, identityName, ...more });

  it('are those who were seen, the last one first, with their newest event and a count', async () => {
    await seen('17', 'Ines Ortega', { groupName: 'staff' });
    await seen('18', 'Marten Weiß', { boxId: boxId('b'), personType: 'VIP' });
    await seen('', 'stranger', { personType: 'STRANGER' });
    await seen('s-1', 'stranger', { personType: 'STRANGER' });
    const pictures = gateway.put('face', 'AAAA');
    await seen('17', 'Ines Brandt', { groupName: 'guests', pictures });
    const fields = `identityId identityName groupName personType eventCount
      lastEvent { identityId site { id } device { id } faceImage { byteLength } }`;
    const { edges, pageInfo } = await people('', fields);
    expect(edges.map(({ node }) => node)).toEqual([
      {
        ...{ identityId: '17', identityName: 'Ines Brandt', groupName: 'guests' },
        ...{ personType: 'VISITOR', eventCount: 2 },
        lastEvent: {
          identityId: '17',
          site: { id: 'hq' },
          device: { id: 'a/gate' },
          faceImage: { byteLength: 3 },
        },
      },
      {
        ...{ identityId: '18', identityName: 'Marten Weiß', groupName: 'default_group' },
        ...{ personType: 'VIP', eventCount: 1 },
        lastEvent: {
          identityId: '18',
          site: { id: 'plant' },
          device: { id: 'b/gate' },
          faceImage: null,
        },
      },
    ]);
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[1]?.cursor,
    });
  });

  it('come in pages, and are found by a part of their name', async () => {
    for (const [index, name] of ['Åsa Lund', 'Ines', 'asa', 'Marten'].entries()) {
      await seen(`${index}`, name);
    }
    const first = await people('first: 3', 'identityName');
    expect(first.edges.map(({ node }) => node['identityName'])).toEqual(['Marten', 'asa', 'Ines']);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const after = `first: 3, after: "${first.pageInfo['endCursor']}"`;
    const second = await people(after, 'identityName');
    expect(second.edges.map(({ node }) => node['identityName'])).toEqual(['Åsa Lund']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(await names('name: "ASA"')).toEqual(['asa', 'Åsa Lund']);
    expect(await names('name: "nobody"')).toEqual([]);
    expect(await names('filter: { identityIds: ["1", "3"] }')).toEqual(['Marten', 'Ines']);
    expect(await names('filter: { personTypes: [STRANGER] }')).toEqual([]);
  });

  it('each have their events over all sites, the newest first, in pages both ways', async () => {
    for (let n = 0; n < 5; n += 1) {
      await seen('17', `${n}`, { boxId: boxId(n % 2 ? 'b' : 'a') });
      await seen('18', 'other');
    }
    const events = async (args: string) => {
      const found = await person(
        '17',
        `events${args} { totalCount edges { cursor node { identityName } } ${PAGE_INFO} }`,
      );
      return found?.['events'] as Page & { readonly totalCount: number };
    };
    const shown = ({ edges }: Page) => edges.map(({ node }) => node['identityName']).join('');
    const all = await events('');
    expect(all).toMatchObject({ totalCount: 5 });
    expect(shown(all)).toBe('43210');
    const newest = await events('(first: 2)');
    expect(shown(newest)).toBe('43');
    expect(newest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const older = await events(`(first: 2, after: "${newest.pageInfo['endCursor']}")`);
    expect(shown(older)).toBe('21');
    expect(older.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(shown(await events(`(after: "${older.pageInfo['endCursor']}")`))).toBe('0');
    const newer = await events(`(last: 1, before: "${older.pageInfo['startCursor']}")`);
    expect(shown(newer)).toBe('3');
    expect(newer.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(shown(await events('(last: 2)'))).toBe('10');
  });

  it('are nobody, without a search, to a viewer without identity', async () => {
    await seen('17', 'Ines');
    const search = vi.spyOn(gateway.inside.journal, 'people');
    const read = vi.spyOn(gateway.inside.journal, 'history');
    for (const role of [{ fields: ['face'] }, { historyMs: 0 }] satisfies Partial<RoleConfig>[]) {
      const viewer = viewerWith(role);
      expect(await people('', 'identityName', viewer)).toEqual({
        edges: [],
        pageInfo: {
          hasNextPage: false,
          hasPreviousPage: false,
          startCursor: null,
          endCursor: null,
        },
      });
      expect(await names('name: "ines"', viewer)).toEqual([]);
      expect(await person('17', 'identityName', viewer)).toBeNull();
    }
    expect(search).not.toHaveBeenCalled();
    expect(read).not.toHaveBeenCalled();
    await names('');
    await person('17', 'identityName');
    expect(search).toHaveBeenCalledOnce();
    expect(read).toHaveBeenCalledOnce();
  });

  it('are absent once they are erased', async () => {
    await seen('17', 'Ines');
    await seen('18', 'Marten');
    await gateway.inside.journal.erase({ kind: 'identity', identityId: '17' });
    expect(await names('')).toEqual(['Marten']);
    expect(await person('17', 'identityName')).toBeNull();
  });

  it('are not those without an id', async () => {
    await seen('', '', { personType: 'UNKNOWN' });
    expect(await names('')).toEqual([]);
    expect(await person('', 'identityName')).toBeNull();
  });

  it.each(['first: 0', 'first: 101', 'name: ""', `name: "${'x'.repeat(257)}"`])(
    'refuse %.20s as BAD_USER_INPUT, whoever asks',
    async (args) => {
      for (const viewer of [OPEN_VIEWER, viewerWith({ fields: [] })]) {
        const { errors } = await gateway.ask(
          `{ people(${args}) { edges { cursor } } }`,
          {},
          viewer,
        );
        expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
      }
    },
  );
});

describe('people whom a role shows', () => {
  const now = Date.now();
  const anyEvent = fc
    .tuple(anyRecognition, fc.integer({ min: 0, max: 3 }))
    .map(([event, hours]): Recognition => ({ ...event, receivedAt: now - hours * HOUR_MS }));
  const anyRole: fc.Arbitrary<RoleConfig> = fc
    .record(
      {
        siteIds: fc.subarray(['hq', 'plant']),
        boxIds: fc.subarray(['a', 'b']),
        personTypes: fc.subarray(['EMPLOYEE', 'STRANGER', 'VIP'] as const),
        fields: fc.subarray([...FIELD_GROUPS]),
        historyMs: fc.constantFrom(0, 1.5 * HOUR_MS, Infinity),
      },
      { requiredKeys: ['fields'] },
    )
    .map((role) => ({ ...FULL_ROLE, ...role }));

  const isShownBy = (event: Recognition) => (role: RoleConfig) =>
    role.fields.includes('identity') &&
    (role.siteIds?.includes(event.siteId) ?? true) &&
    (role.boxIds?.includes(event.boxId) ?? true) &&
    (role.personTypes?.includes(event.personType) ?? true) &&
    role.historyMs > 0 &&
    event.receivedAt >= now - role.historyMs;

  it('are those of whom it shows an event with identity, with the counts of these events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.array(anyRole, { minLength: 1, maxLength: 3 }),
        fc.option(fc.subarray(['hq', 'plant']), { nil: undefined }),
        async (events, roles, siteIds) => {
          await using gateway = new InsideGraphQL();
          for (const event of events) await gateway.inside.journal.append({ kind: 'event', event });
          const names = roles.map((_, index) => `role-${index}`);
          const configured = new Map(roles.map((role, index) => [`role-${index}`, role]));
          const viewer = { ...OPEN_VIEWER, ...new Roles({ roles: configured }).allowing(names) };
          const query = `query ($filter: RecognitionEventFilter) {
            people(filter: $filter) { edges { node { identityId eventCount } } }
            of17: person(identityId: "17") { eventCount events { totalCount edges { node { id } } } }
          }`;
          const variables = { filter: siteIds ? { siteIds } : null };
          const { data, errors } = await gateway.ask(query, variables, viewer);
          expect(errors).toBeUndefined();
          const shown = events.filter(
            (event) =>
              event.identityId !== '' &&
              event.personType !== 'STRANGER' &&
              roles.some(isShownBy(event)),
          );
          const inFilter = shown.filter((event) => matchesModel(siteIds ? { siteIds } : {}, event));
          const newestFirst = inFilter.toReversed().map(({ identityId }) => identityId);
          const page = data?.['people'] as Page;
          expect(page.edges.map(({ node }) => node)).toEqual(
            [...new Set(newestFirst)].map((identityId) => ({
              identityId,
              eventCount: newestFirst.filter((each) => each === identityId).length,
            })),
          );
          const of17 = shown.filter(({ identityId }) => identityId === '17').toReversed();
          const { length } = of17;
          expect(data?.['of17']).toEqual(
            length === 0
              ? null
              : {
                  eventCount: length,
                  events: { totalCount: length, edges: of17.map(({ id }) => ({ node: { id } })) },
                },
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});
