import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Grant, PermissionClass } from '../../src/access/permission-class.ts';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { newEpoch } from '../../src/journal/cursor.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { FULL_ROLE } from '../support/access.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { erasePerson, holdSqliteJournal } from '../support/journals.ts';
import { boxId, siteId } from '../support/recognitions.ts';

const QUERY = `query ($cursors: [String!]!) {
  recognitionEventsAt(cursors: $cursors) { identityId replayed faceImage { url urlExpiresAt } }
}`;

const eventsSchema = z.object({
  recognitionEventsAt: z.tuple([
    z.object({ faceImage: z.object({ url: z.string(), urlExpiresAt: z.string() }) }),
  ]),
});

const viewerOf = (grant: Partial<Grant>) => ({
  ...OPEN_VIEWER,
  permissionClass: new PermissionClass([{ ...FULL_ROLE, ...grant }]),
});

describe('the events at cursors', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL({ maxRecords: 5 });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const happen = async (identityId: string, given = {}): Promise<string> => {
    const { position } = await gateway.inside.event({ identityId, ...given });
    return gateway.inside.journal.cursorAt(position);
  };
  const ask = (cursors: readonly string[], viewer = OPEN_VIEWER) =>
    gateway.ask(QUERY, { cursors }, viewer);
  const idsAt = async (cursors: readonly string[], viewer = OPEN_VIEWER) => {
    const { data, errors } = await ask(cursors, viewer);
    expect(errors).toBeUndefined();
    const events = data?.['recognitionEventsAt'] as ({ identityId: string | null } | null)[];
    return events.map((event) => event?.identityId ?? null);
  };
  const codeAt = async (cursors: readonly string[]) => {
    const { errors } = await ask(cursors);
    return errors?.[0]?.extensions?.['code'];
  };

  it('come in the order of the cursors, as events of history', async () => {
    const cursors = [await happen('1'), await happen('2'), await happen('3')];
    expect(await idsAt(cursors.toReversed())).toEqual(['3', '2', '1']);
    expect((await ask(cursors)).data?.['recognitionEventsAt']).toMatchObject([
      { replayed: true },
      { replayed: true },
      { replayed: true },
    ]);
    expect(await idsAt([])).toEqual([]);
  });

  it('have addresses of their pictures that are good from now on', async () => {
    const pictures = gateway.put('face', 'AAAA');
    const cursor = await happen('1', { pictures });
    const { data } = await ask([cursor]);
    const { url, urlExpiresAt } = eventsSchema.parse(data).recognitionEventsAt[0].faceImage;
    expect(gateway.inside.pictureAddresses.open(url.slice('/images/'.length))).toMatchObject({
      kind: 'good',
      key: pictures.face?.key,
    });
    expect(url).toContain(`.${Date.parse(urlExpiresAt) / 1_000}.`);
  });

  it('are null where the event is gone, is no event, or is of another journal', async () => {
    const gone = await happen('1');
    const { position } = await gateway.inside.gap();
    const gap = gateway.inside.journal.cursorAt(position);
    for (const id of ['2', '3', '4']) await happen(id);
    const last = await happen('5');
    const elsewhere = createMemoryJournal({ epoch: newEpoch() });
    const foreign = elsewhere.cursorAt(elsewhere.newest);
    expect(await idsAt([gone, gap, foreign, last])).toEqual([null, null, null, '5']);
  });

  it('are null where the event was erased, whatever follows it', async () => {
    await using held = await holdSqliteJournal();
    await using onDisk = new InsideGraphQL({ journal: held.journal });
    const { position } = await onDisk.inside.event({ identityId: 'erased' });
    await onDisk.inside.event({ identityId: 'another' });
    await erasePerson(held.journal, 'erased');
    const cursors = [held.journal.cursorAt(position)];
    const { data } = await onDisk.ask(QUERY, { cursors });
    expect(data).toEqual({ recognitionEventsAt: [null] });
  });

  it('are null to a viewer for whom the event does not exist, or is too long ago', async () => {
    const hq = await happen('1', { receivedAt: Date.now() });
    const plant = await happen('2', { boxId: boxId('b'), receivedAt: Date.now() });
    const old = await happen('3', { receivedAt: Date.now() - 7_200_000 });
    const cursors = [hq, plant, old];
    expect(await idsAt(cursors, viewerOf({ siteIds: [siteId('hq')] }))).toEqual(['1', null, '3']);
    expect(await idsAt(cursors, viewerOf({ historyMs: 3_600_000 }))).toEqual(['1', '2', null]);
    expect(await idsAt(cursors, viewerOf({ historyMs: 0 }))).toEqual([null, null, null]);
  });

  it('show a viewer no field that it may not see', async () => {
    const pictures = gateway.put('face', 'AAAA');
    const cursor = await happen('1', { pictures });
    const { data } = await ask([cursor], viewerOf({ fields: [] }));
    expect(data?.['recognitionEventsAt']).toEqual([
      { identityId: null, replayed: true, faceImage: null },
    ]);
  });

  it('are an error for a text that is no cursor, and for more than 100', async () => {
    const cursor = await happen('1');
    expect(await codeAt([cursor, 'nonsense'])).toBe('INVALID_CURSOR');
    expect(await codeAt(Array.from({ length: 101 }, () => cursor))).toBe('BAD_USER_INPUT');
    expect(await idsAt(Array.from({ length: 100 }, () => cursor))).toHaveLength(100);
  });
});
