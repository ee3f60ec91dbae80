import { BoxError, systemClock, toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxDevice, boxEvent, boxId } from '../support/recognitions.ts';

const NOON = Date.parse('2026-01-31T12:00:00.000Z');

describe('the queries about sites, boxes and devices', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const data = async (query: string, variables?: Record<string, unknown>) => {
    const { data: found, errors } = await gateway.ask(query, variables);
    expect(errors).toBeUndefined();
    return found;
  };

  it('tell every site with its boxes and devices, in the order of the configuration', async () => {
    expect(
      await data(
        '{ sites { id name timezone boxes { id name } devices { id deviceId name kind ip } } }',
      ),
    ).toEqual({
      sites: [
        {
          id: 'hq',
          name: 'Site hq',
          timezone: null,
          boxes: [{ id: 'a', name: 'Box a' }],
          devices: [
            { id: 'a/gate', deviceId: 'gate', name: 'Device gate', kind: 'photo', ip: null },
            { id: 'a/door', deviceId: 'door', name: 'Device door', kind: 'photo', ip: null },
          ],
        },
        {
          id: 'plant',
          name: 'Site plant',
          timezone: null,
          boxes: [{ id: 'b', name: 'Box b' }],
          devices: [
            { id: 'b/gate', deviceId: 'gate', name: 'Device gate', kind: 'photo', ip: null },
          ],
        },
      ],
    });
  });

  it.each([
    ['boxes', ['a', 'b']],
    ['boxes(siteIds: null)', ['a', 'b']],
    ['boxes(siteIds: [])', []],
    ['boxes(siteIds: ["plant", "nowhere"])', ['b']],
    ['devices', ['a/gate', 'a/door', 'b/gate']],
    ['devices(siteIds: ["hq"])', ['a/gate', 'a/door']],
    ['devices(boxIds: ["b"])', ['b/gate']],
    ['devices(boxIds: [])', []],
    ['devices(siteIds: ["hq"], boxIds: ["b"])', []],
    ['devices(siteIds: null, boxIds: ["b", "c"])', ['b/gate']],
  ])('%s are %j: null means any, an empty list none, an unknown id nothing', async (field, ids) => {
    expect(await data(`{ found: ${field} { id } }`)).toEqual({ found: ids.map((id) => ({ id })) });
  });

  it('find one box, or null', async () => {
    expect(
      await data('{ box(id: "b") { name site { id } devices { id } } none: box(id: "c") { id } }'),
    ).toEqual({
      box: { name: 'Box b', site: { id: 'plant' }, devices: [{ id: 'b/gate' }] },
      none: null,
    });
  });

  it('find one device by its full id, by a bare one that only one box has, or null', async () => {
    const query = 'query ($id: ID!) { device(id: $id) { id box { id } site { id } } }';
    const door = { device: { id: 'a/door', box: { id: 'a' }, site: { id: 'hq' } } };
    expect(await data(query, { id: 'a/door' })).toEqual(door);
    expect(await data(query, { id: 'door' })).toEqual(door);
    expect(await data(query, { id: 'b/door' })).toEqual({ device: null });
  });

  it('name the full ids when a bare device id could mean several', async () => {
    const { data: found, errors } = await gateway.ask('{ device(id: "gate") { id } }');
    expect(found).toEqual({ device: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('a/gate, b/gate'),
        path: ['device'],
        extensions: { code: 'AMBIGUOUS_DEVICE' },
      }),
    ]);
  });

  it('tell when a device was last heard', async () => {
    gateway.inside.directory.heard(boxId('a'), boxEvent({ deviceId: toDeviceId('gate') }), NOON, 1);
    expect(await data('{ devices(boxIds: ["a"]) { id lastEventAt } }')).toEqual({
      devices: [
        { id: 'a/gate', lastEventAt: '2026-01-31T12:00:00.000Z' },
        { id: 'a/door', lastEventAt: null },
      ],
    });
  });

  describe('and about the link to a box', () => {
    const link = async () => {
      const fields = 'state since attemptedAt lastEventAt lastError attempts clockOffsetMs';
      const found = await data(`{ box(id: "a") { link { ${fields} } } }`);
      return found?.['box'];
    };

    it('tell a link that is up', async () => {
      gateway.inside.directory.linked(boxId('a'), { name: 'LIVE', since: NOON });
      expect(await link()).toEqual({
        link: {
          state: 'LIVE',
          since: '2026-01-31T12:00:00.000Z',
          attemptedAt: null,
          lastEventAt: null,
          lastError: null,
          attempts: 0,
          clockOffsetMs: null,
        },
      });
    });

    it('tell why and how often a link could not be made', async () => {
      gateway.inside.directory.linked(boxId('a'), {
        name: 'BACKING_OFF',
        since: NOON,
        attemptedAt: NOON + 1_000,
        attempts: 3,
        retryAt: NOON + 4_000,
        lastError: new BoxError('UNREACHABLE', 'nobody listens at 127.0.0.1:5679'),
      });
      expect(await link()).toMatchObject({
        link: {
          state: 'BACKING_OFF',
          since: '2026-01-31T12:00:00.000Z',
          attemptedAt: '2026-01-31T12:00:01.000Z',
          lastError: 'UNREACHABLE: nobody listens at 127.0.0.1:5679',
          attempts: 3,
        },
      });
    });

    it('tell how far the box’s clock is off, as far as an Int goes', async () => {
      const instant = systemClock.elapsed();
      const now = Date.now();
      const at = (occurredAt: number) =>
        gateway.inside.directory.heard(boxId('a'), boxEvent({ occurredAt }), now, instant);
      at(now + 150_000);
      // Two clocks are read, one after the other.
      const aheadMs = expect.closeTo(150_000, -3);
      expect(await link()).toMatchObject({ link: { clockOffsetMs: aheadMs } });
      for (let heard = 0; heard < 100; heard += 1) at(0);
      expect(await link()).toMatchObject({ link: { clockOffsetMs: -2_147_483_647 } });
    });
  });

  it('tell devices as their box lists them now', async () => {
    gateway.inside.directory.list(boxId('a'), [boxDevice('gate-2')]);
    expect(await data('{ devices(boxIds: ["a"]) { id } }')).toEqual({
      devices: [{ id: 'a/gate-2' }],
    });
  });
});
