import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_VIEWER, Roles } from '../../src/access/roles.ts';
import { FIELD_GROUPS, type RoleConfig } from '../../src/config/access.ts';
import { FULL_ROLE } from '../support/access.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

const HOUR_MS = 3_600_000;
const ALL = ['IDENTITY', 'FACE', 'SCENE', 'REGISTERED'];

/** In the order of `ALL`. */
const SHOWN = ['identityId', 'faceImage', 'sceneImage', 'registeredImage'] as const;

type Shown = Readonly<Record<(typeof SHOWN)[number], unknown>> & {
  readonly site: { readonly id: string };
};

interface SiteAccess {
  readonly site: { readonly id: string };
  readonly fields: readonly string[];
  readonly history: { readonly since: string | null; readonly fields: readonly string[] } | null;
}

describe('a viewer', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL({ now: () => Date.parse('2026-01-31T10:00:00Z') });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const ask = async (viewer = OPEN_VIEWER) => {
    const query =
      '{ viewer { name mayAnswer mayErase mayExport sites { site { id } fields history { since fields } } } }';
    const { data, errors } = await gateway.ask(query, undefined, viewer);
    expect(errors).toBeUndefined();
    return data?.['viewer'] as Record<string, unknown> & { readonly sites: readonly SiteAccess[] };
  };
  const siteAccess = (id: string, fields: readonly string[], history: object | null) => ({
    site: { id },
    fields,
    history,
  });
  const everything = (id: string) => siteAccess(id, ALL, { since: null, fields: ALL });

  it('that needs no credential sees everything, and may do all but erase', async () => {
    expect(await ask()).toEqual({
      ...{ name: 'anybody', mayAnswer: true, mayErase: false, mayExport: true },
      sites: [everything('hq'), everything('plant')],
    });
  });

  it.each([
    ['mayAnswer', { mayAnswer: true }],
    ['mayErase', { mayErase: true }],
    ['mayExport', { mayExport: true }],
  ] as const)('learns %s from its role', async (right, role) => {
    const none = { mayAnswer: false, mayErase: false, mayExport: false };
    expect(await ask(viewerWith(none))).toMatchObject(none);
    expect(await ask(viewerWith({ ...none, ...role }))).toMatchObject({ ...none, [right]: true });
  });

  it('learns of each site what a role shows there, and of no other site', async () => {
    const shown = async (role: Partial<RoleConfig>) => (await ask(viewerWith(role))).sites;
    expect(await shown({ siteIds: ['plant'], fields: ['face'], historyMs: 0 })).toEqual([
      siteAccess('plant', ['FACE'], null),
    ]);
    expect(await shown({ boxIds: ['a'], fields: [] })).toEqual([
      siteAccess('hq', [], { since: null, fields: [] }),
    ]);
    expect(await shown({ deviceIds: ['b/gate'] })).toEqual([everything('plant')]);
    expect(await shown({ siteIds: [] })).toEqual([]);
    expect(await shown({ siteIds: ['hq'], personTypes: [] })).toEqual([siteAccess('hq', [], null)]);
    expect(await shown({ siteIds: ['hq'], historyMs: HOUR_MS })).toEqual([
      siteAccess('hq', ALL, { since: '2026-01-31T09:00:00.000Z', fields: ALL }),
    ]);
  });

  it('of several roles learns the union, with the fields of history apart', async () => {
    const roles = new Map<string, RoleConfig>([
      ['names', { ...FULL_ROLE, siteIds: ['hq'], fields: ['identity'], historyMs: 0 }],
      ['faces', { ...FULL_ROLE, fields: ['face'], mayErase: false }],
      ['eraser', { ...FULL_ROLE, siteIds: [], mayErase: true }],
    ]);
    const viewer = {
      ...OPEN_VIEWER,
      ...new Roles({ roles }).allowing(['names', 'faces', 'eraser']),
    };
    const faces = { since: null, fields: ['FACE'] };
    expect(await ask(viewer)).toMatchObject({
      mayErase: true,
      sites: [siteAccess('hq', ['IDENTITY', 'FACE'], faces), siteAccess('plant', ['FACE'], faces)],
    });
  });

  it('is told of no field that all events of a site lack, and of each that one of them has', async () => {
    const places = [
      { boxId: boxId('a'), siteId: 'hq' },
      { boxId: boxId('b'), siteId: 'plant' },
    ];
    const picture = (slot: 'face' | 'scene' | 'registered') => gateway.put(slot, 'AAAA');
    for (const place of places) {
      for (const personType of ['VIP', 'EMPLOYEE'] as const) {
        const pictures = { ...picture('face'), ...picture('scene'), ...picture('registered') };
        await gateway.inside.event({ boxId: place.boxId, personType, pictures });
      }
    }
    const anyRole = fc.record(
      {
        siteIds: fc.subarray(['hq', 'plant']),
        boxIds: fc.subarray(['a', 'b']),
        deviceIds: fc.subarray(['gate', 'a/gate', 'b/gate']),
        personTypes: fc.subarray(['EMPLOYEE', 'VIP'] as const),
        fields: fc.subarray([...FIELD_GROUPS]),
        historyMs: fc.constantFrom(0, Infinity),
      },
      { requiredKeys: ['fields'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyRole, { minLength: 1, maxLength: 3 }), async (drawn) => {
        const roles = new Map(drawn.map((role, index) => [`${index}`, { ...FULL_ROLE, ...role }]));
        const viewer = { ...OPEN_VIEWER, ...new Roles({ roles }).allowing([...roles.keys()]) };
        const query = `{ recognitionEvents { edges { node { site { id }
          identityId faceImage { byteLength } sceneImage { byteLength } registeredImage { byteLength } } } } }`;
        const { data } = await gateway.ask(query, undefined, viewer);
        const page = data?.['recognitionEvents'] as { readonly edges: readonly { node: Shown }[] };
        const events = page.edges.map(({ node }) => node);
        const { sites } = await ask(viewer);
        for (const { site, history } of sites) {
          const here = events.filter((event) => event.site.id === site.id);
          const shown = ALL.filter((_, index) =>
            here.some((event) => event[SHOWN[index] ?? 'identityId'] !== null),
          );
          expect(history?.fields ?? []).toEqual(shown);
          if (here.length > 0) expect(history).not.toBeNull();
        }
        const known = sites.map(({ site }) => site.id);
        expect(known).toEqual(expect.arrayContaining(events.map(({ site }) => site.id)));
      }),
      { numRuns: 50 },
    );
  });
});
