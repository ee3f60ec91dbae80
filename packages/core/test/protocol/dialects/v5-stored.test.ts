import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stored } from '../../../src/protocol/dialects/v5-stored.ts';
import type { JsonObject } from '../../../src/protocol/json.ts';

/** The vendor's own example, with what it leaves out. */
const SAMPLE = {
  _id: '1607062639.737444',
  common: {
    card_id: '',
    ep_info: {
      device_id: 'a853043e-c10a-4af3-96e5-f646748faed4',
      ep_id: '0xe0a509261422__192.168.1.96',
      ep_ip: '192.168.1.96',
      ep_name: '111',
      ep_type: 'photo',
    },
    group_id: '7',
    group_name: '',
    identity_id: '12',
    identity_info: { image_id: 'enrolled-1', name: 'Visitor 12' },
    identity_name: 'Visitor 12',
    person_type: 4,
    recognize_face_attr: { age: null, feature: [-0.0129, -0.0358] },
    recognize_face_pic_id: '1607062639.7370062',
    score: 10.15,
    spot_pic_id: '1607062639.7370063',
  },
  gate_data: { feature_binary: 'c2VjcmV0' },
  timestamp: 1607062639.7013178,
  video_data: { track_id: 3 },
} as const satisfies JsonObject;

const event = { kind: 'event', datetime: '1607062639.7013178' } as const;

describe('a stored event of the dialect v5', () => {
  it('is read into what its live event says, without the template', () => {
    expect(stored.readEvent(SAMPLE)).toEqual({
      deviceId: 'a853043e-c10a-4af3-96e5-f646748faed4',
      eventId: '1607062639.737444',
      occurredAt: 1607062639701,
      identityId: '12',
      identityName: 'Visitor 12',
      groupName: '7',
      identityInfo: { image_id: 'enrolled-1', name: 'Visitor 12' },
      personType: 'STRANGER',
      score: 10.15,
      deviceType: 'UNKNOWN',
      deviceIp: '192.168.1.96',
      pictures: {
        face: { ...event, id: '1607062639.7370062' },
        scene: { ...event, id: '1607062639.7370063' },
        registered: { kind: 'enrolled', id: 'enrolled-1' },
      },
      extra: {
        card_id: '',
        ep_info: SAMPLE.common.ep_info,
        gate_data: {},
        group_id: '7',
        recognize_face_attr: { age: null },
        video_data: { track_id: 3 },
      },
    });
  });

  it('holds no template, however deep it stands and whatever stands about it', () => {
    const templates = fc.record({
      feature: fc.constant(['TEMPLATE']),
      feature_binary: fc.constant('TEMPLATE'),
    });
    const nests = fc.letrec<{ tree: object }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        templates,
        fc.dictionary(fc.string(), fc.oneof(fc.string(), tie('tree'))),
        fc.array(tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(nests.tree, (tree) => {
        const common = {
          ...SAMPLE.common,
          identity_info: { tree },
          recognize_face_attr: tree,
          tree,
        };
        const ep_info = { ...SAMPLE.common.ep_info, tree };
        const record: unknown = { ...SAMPLE, common: { ...common, ep_info }, tree };
        const event = stored.readEvent(record as JsonObject);
        expect(JSON.stringify(event)).not.toContain('TEMPLATE');
      }),
    );
  });

  it('shows no password of a device', () => {
    const ep_info = { ...SAMPLE.common.ep_info, ep_id: 'rtsp://operator:s3cret@10.0.0.1/1' };
    const read = stored.readEvent({ ...SAMPLE, common: { ...SAMPLE.common, ep_info } });
    expect(JSON.stringify(read)).not.toContain('s3cret');
  });

  it('may lack everything but a device and a time, and is then nobody known', () => {
    const bare = { timestamp: '1607062639', common: { ep_info: { device_id: 'gate' } } };
    expect(stored.readEvent(bare)).toMatchObject({
      eventId: undefined,
      occurredAt: 1607062639000,
      identityId: '',
      personType: 'UNKNOWN',
      score: 0,
      pictures: {},
    });
  });

  it.each([
    ['timestamp', { ...SAMPLE, timestamp: 'noon' }],
    ['common.ep_info.device_id', { ...SAMPLE, common: { ...SAMPLE.common, ep_info: {} } }],
    ['common.ep_info.device_id', { ...SAMPLE, common: null }],
  ])('is INVALID_EVENT without its %s', (field, record) => {
    expect(() => stored.readEvent(record)).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT', detail: { field } }),
    );
  });

  it('has a time that is rounded to the ms, from seconds or ms by its size', () => {
    const timeOf = (timestamp: number) => stored.readEvent({ ...SAMPLE, timestamp }).occurredAt;
    expect(timeOf(1607062639701.3)).toBe(1607062639701);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        expect(timeOf(ms / 1000)).toBe(ms);
      }),
    );
  });
});

it('asks for a page in whole seconds that hold the span', () => {
  const { path } = stored.request({ from: 1_999, to: 5_001, page: 3, perPage: 50 });
  expect(path).toBe('/SophonFace/api/events?per_page=50&page=3&datetime_gte=1&datetime_lte=6');
});

it('asks for pictures by ids that cannot lead elsewhere', () => {
  const id = 'a/../b?c';
  expect(stored.pictureRequest({ kind: 'event', id, datetime: '1.5' }).path).toBe(
    '/SophonFace/api/event_images/a%2F..%2Fb%3Fc?datetime=1.5',
  );
  expect(stored.pictureRequest({ kind: 'enrolled', id }).path).toBe(
    '/SophonFace/api/images/a%2F..%2Fb%3Fc',
  );
});

it('finds the records and their number in an answer, and says when it is none', () => {
  expect(stored.records({ data: [1], pagination: { total_count: '7' } })).toEqual({
    records: [1],
    total: 7,
  });
  expect(stored.records({ data: null, pagination: 3 })).toEqual({ records: [], total: undefined });
  expect(() => stored.records({ data: {} })).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
});
