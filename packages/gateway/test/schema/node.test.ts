import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

describe('an object that is queried by its id', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const node = async (id: string, viewer = OPEN_VIEWER) => {
    const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    const { data, errors } = await gateway.ask(query, { id }, viewer);
    expect(errors).toBeUndefined();
    return data?.['node'];
  };
  const event = async (id: string, viewer = OPEN_VIEWER) => {
    const query = 'query ($id: ID!) { recognitionEvent(id: $id) { id identityId replayed } }';
    const { data, errors } = await gateway.ask(query, { id }, viewer);
    expect(errors).toBeUndefined();
    return data?.['recognitionEvent'];
  };
  const ids = async (viewer = OPEN_VIEWER) => {
    const { data } = await gateway.ask(
      '{ sites { id } boxes { id } devices { id } recognitionEvents { edges { node { id } } } }',
      undefined,
      viewer,
    );
    const text = JSON.stringify(data);
    return [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id);
  };
  const happen = async (given: Parameters<typeof gateway.inside.event>[0] = {}) => {
    const record = await gateway.inside.event(given);
    return record.kind === 'event' ? record.event.id : '';
  };

  it('is the object that has the id, for each id of sites, boxes, devices and events', async () => {
    await happen();
    await happen({ boxId: boxId('b') });
    const all = await ids();
    expect(new Set(all).size).toBe(all.length);
    const found = await Promise.all(all.map((id) => node(id)));
    expect(found.map((each) => (each as { id: string }).id)).toEqual(all);
    expect(found.map((each) => (each as { __typename: string }).__typename)).toEqual([
      ...['Site', 'Site', 'Box', 'Box', 'Device', 'Device', 'Device'],
      ...['RecognitionEvent', 'RecognitionEvent'],
    ]);
  });

  it.each(['nobody', 'gate', 'a/nobody', '', '/'])('is null for %j', async (id) => {
    await happen();
    expect(await node(id)).toBeNull();
    expect(await event(id)).toBeNull();
  });

  it('is found beside others, in the order of their ids', async () => {
    const id = await happen();
    const nodes = async (ids: readonly string[]) =>
      gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    const { data } = await nodes([id, 'nobody', 'hq', id]);
    expect(data?.['nodes']).toEqual([{ id }, null, { id: 'hq' }, { id }]);
    const { errors } = await nodes(Array.from({ length: 101 }, () => 'hq'));
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });

  it('is an event with its fields, as of history', async () => {
    const id = await happen({ identityId: '17' });
    expect(await event(id)).toEqual({ id, identityId: '17', replayed: true });
  });

  it('is null where the viewer sees neither site, box nor device', async () => {
    const viewer = viewerWith({ siteIds: ['plant'] });
    const [seen, hidden] = [await happen({ boxId: boxId('b') }), await happen()];
    expect(await ids(viewer)).toEqual(['plant', 'b', 'b/gate', seen]);
    for (const id of ['hq', 'a', 'a/gate', hidden]) expect(await node(id, viewer)).toBeNull();
    expect(await event(hidden, viewer)).toBeNull();
    expect(await event(seen, viewer)).toMatchObject({ id: seen });
  });

  it('is null for an event that is too old for the viewer', async () => {
    const id = await happen({ receivedAt: Date.now() - 7_200_000 });
    expect(await event(id, viewerWith({ historyMs: 3_600_000 }))).toBeNull();
    expect(await event(id, viewerWith({ historyMs: 0 }))).toBeNull();
    expect(await event(id, viewerWith({ historyMs: 10_000_000 }))).toMatchObject({ id });
  });

  it('is null for each id of an event, without a search, for a viewer without identity', async () => {
    const viewer = viewerWith({ fields: ['face'] });
    const search = vi.spyOn(gateway.inside.journal, 'find');
    const id = await happen();
    const shown = (await ids(viewer)).at(-1) ?? '';
    expect(shown).not.toBe(id);
    for (const each of [id, shown]) {
      expect(await event(each, viewer)).toBeNull();
      expect(await node(each, viewer)).toBeNull();
    }
    expect(search).not.toHaveBeenCalled();
    await event(id);
    expect(search).toHaveBeenCalledOnce();
  });
});
