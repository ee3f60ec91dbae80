import { toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId, recognition, siteId } from '../support/recognitions.ts';

const PAGE =
  'edges { cursor node { identityId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

interface Page {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly identityId: string };
  }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

describe('the history of recognitions', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const happen = async (...identityIds: readonly (string | number)[]) => {
    for (const id of identityIds) await gateway.inside.event({ identityId: String(id) });
  };
  const page = async (args: string): Promise<Page> => {
    const { data, errors } = await gateway.ask(`{ recognitionEvents${args} { ${PAGE} } }`);
    expect(errors).toBeUndefined();
    return data?.['recognitionEvents'] as Page;
  };
  const ids = ({ edges }: Page) => edges.map(({ node }) => node.identityId);
  const codeOf = async (args: string) => {
    const { errors } = await gateway.ask(`{ recognitionEvents${args} { ${PAGE} } }`);
    return errors?.[0]?.extensions?.['code'];
  };

  it('is read forwards page by page, and ends', async () => {
    await happen(1, 2, 3, 4, 5);
    const first = await page('(first: 2)');
    expect(ids(first)).toEqual(['1', '2']);
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0]?.cursor,
      endCursor: first.edges[1]?.cursor,
    });
    const second = await page(`(first: 3, after: "${first.pageInfo.endCursor}")`);
    expect(ids(second)).toEqual(['3', '4', '5']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('is read backwards page by page, each page oldest first', async () => {
    await happen(1, 2, 3, 4, 5);
    const last = await page('(last: 2)');
    expect(ids(last)).toEqual(['4', '5']);
    const before = await page(`(last: 2, before: "${last.pageInfo.startCursor}")`);
    expect(ids(before)).toEqual(['2', '3']);
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('begins with the newest 50 when nothing is said, and with what follows when after is', async () => {
    await happen(...Array.from({ length: 60 }, (_, index) => index));
    const newest = await page('');
    expect(ids(newest)).toEqual(Array.from({ length: 50 }, (_, index) => `${index + 10}`));
    const [oldest] = (await page('(first: 1)')).edges;
    const following = await page(`(after: "${oldest?.cursor}")`);
    expect(ids(following)).toEqual(Array.from({ length: 50 }, (_, index) => `${index + 1}`));
  });

  it('is an empty page when nothing matches, or nothing is asked for', async () => {
    await happen(1);
    const empty = { startCursor: null, endCursor: null };
    expect((await page('(filter: { identityIds: ["2"] })')).pageInfo).toMatchObject(empty);
    expect(await page('(first: 0)')).toMatchObject({
      edges: [],
      pageInfo: { ...empty, hasNextPage: true },
    });
  });

  it.each([
    '(first: 1, last: 1)',
    '(first: -1)',
    '(last: -1)',
    '(first: 501)',
    '(last: 501)',
    '(filter: { minSimilarity: 85 })',
    '(filter: { minScore: 85 })',
    '(filter: { minScore: -0.1 })',
    '(filter: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" })',
  ])('refuses %s as BAD_USER_INPUT', async (args) => {
    expect(await codeOf(args)).toBe('BAD_USER_INPUT');
  });

  it('takes pages of up to 500', async () => {
    await happen(1);
    expect(ids(await page('(first: 500)'))).toEqual(['1']);
  });

  it.each(['after', 'before'])(
    'refuses in %s what is no cursor, or another journal’s',
    async (name) => {
      await happen(1);
      expect(await codeOf(`(first: 1, ${name}: "yesterday")`)).toBe('INVALID_CURSOR');
      await using other = createMemoryJournal();
      const foreign = other.cursorAt(other.newest);
      expect(await codeOf(`(first: 1, ${name}: "${foreign}")`)).toBe('INVALID_CURSOR');
    },
  );

  it.each([
    ['siteIds: ["hq"]', ['wanted']],
    ['boxIds: ["a"]', ['wanted']],
    ['deviceIds: ["a/door"]', ['wanted']],
    ['deviceIds: ["door"]', ['wanted']],
    ['personTypes: [VIP]', ['wanted']],
    ['identityIds: ["wanted"]', ['wanted']],
    ['groupNames: ["board"]', ['wanted']],
    ['minSimilarity: 0.9', ['wanted']],
    ['minScore: 0.9', ['wanted']],
    ['minSimilarity: 0.9, minScore: 0', ['wanted']],
    ['minSimilarity: 0, minScore: 0.9', ['wanted']],
    ['minSimilarity: null, minScore: 0.9', ['wanted']],
    ['from: "2026-01-31T20:00:00+08:00"', ['wanted']],
    ['siteIds: null, boxIds: ["a"], to: "2026-01-31T12:00:00.001Z"', ['wanted']],
    ['to: "2026-01-31T12:00:00Z"', ['other']],
    ['siteIds: []', []],
  ])('{ %s } lets through %j', async (filter, found) => {
    await gateway.inside.event({
      identityId: 'wanted',
      personType: 'VIP',
      groupName: 'board',
      similarity: 0.9,
      occurredAt: Date.parse('2026-01-31T12:00:00Z'),
      deviceId: toDeviceId('door'),
    });
    await gateway.inside.event({ identityId: 'other', boxId: boxId('b'), occurredAt: 0 });
    expect(ids(await page(`(filter: { ${filter} })`))).toEqual(found);
  });

  it('counts all pages when totalCount is selected', async () => {
    await happen(1, 2, 2);
    const query = '{ recognitionEvents(first: 1, filter: { identityIds: ["2"] }) { totalCount } }';
    expect((await gateway.ask(query)).data).toEqual({ recognitionEvents: { totalCount: 2 } });
  });

  it('tells an event in full, as replayed', async () => {
    const pictures = gateway.put('face', 'AAAA');
    const record = await gateway.inside.event({ pictures, extra: { grab: { blur: 1 } } });
    const { data } = await gateway.ask(`{
      recognitionEvents { edges { node {
        id cursor device { id name } box { id } site { id } occurredAt receivedAt delivery replayed
        personType identityId identityName groupName identityInfo score similarity deviceType deviceIp
        faceImage { url base64 byteLength contentType } sceneImage { url } registeredImage { url }
        imagesOmitted extra gapsBefore { reason }
      } } }
    }`);
    expect(data).toEqual({
      recognitionEvents: {
        edges: [
          {
            node: {
              id: expect.any(String),
              cursor: gateway.inside.journal.cursorAt(record.position),
              device: { id: 'a/gate', name: 'Device gate' },
              box: { id: 'a' },
              site: { id: 'hq' },
              occurredAt: '2019-08-17T04:35:54.020Z',
              receivedAt: '2019-08-17T04:35:54.100Z',
              delivery: 'LIVE',
              replayed: true,
              personType: 'VISITOR',
              identityId: '666666',
              identityName: 'Visitor 12',
              groupName: 'default_group',
              identityInfo: {},
              score: 0.62,
              similarity: 0.62,
              deviceType: 'GATE',
              deviceIp: '192.168.1.243',
              faceImage: {
                url: expect.stringMatching(/^\/images\/[\w.-]+$/),
                base64: 'AAAA',
                byteLength: 3,
                contentType: 'image/jpeg',
              },
              sceneImage: null,
              registeredImage: null,
              imagesOmitted: false,
              extra: { grab: { blur: 1 } },
              gapsBefore: [],
            },
          },
        ],
      },
    });
  });

  it('still resolves what is gone: devices, boxes and sites that nobody knows any more', async () => {
    const gone = { siteId: siteId('old'), boxId: boxId('c'), deviceId: toDeviceId('x/1') };
    await gateway.inside.journal.append({ kind: 'event', event: recognition(gone) });
    const { data, errors } = await gateway.ask(`{
      recognitionEvents { edges { node {
        device { id deviceId name lastEventAt box { id } site { id } }
        box { id name site { id name timezone boxes { id } } devices { id } link { state lastError attempts } }
      } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      recognitionEvents: {
        edges: [
          {
            node: {
              device: {
                id: 'c/x/1',
                deviceId: 'x/1',
                name: null,
                lastEventAt: null,
                box: { id: 'c' },
                site: { id: 'old' },
              },
              box: {
                id: 'c',
                name: 'c',
                site: { id: 'old', name: 'old', timezone: null, boxes: [] },
                devices: [],
                link: { state: 'STOPPED', lastError: null, attempts: 0 },
              },
            },
          },
        ],
      },
    });
  });

  it('has a newest cursor, after which nothing has happened yet', async () => {
    await happen(1, 2);
    const { data } = await gateway.ask('{ cursor }');
    expect(ids(await page(`(after: "${data?.['cursor']}")`))).toEqual([]);
    await happen(3);
    expect(ids(await page(`(after: "${data?.['cursor']}")`))).toEqual(['3']);
  });
});
