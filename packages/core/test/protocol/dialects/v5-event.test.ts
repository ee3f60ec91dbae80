import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/protocol/decode.ts';
import { pictureFromBase64 } from '../../../src/protocol/picture.ts';
import {
  decodeText,
  eventOf,
  jpeg,
  png,
  read,
  readExtData,
  readSample,
  refuse,
  sample,
  sampleExtData,
  sampleWithout,
  v5,
  webp,
} from '../messages.ts';

const withoutExtData = (name: keyof typeof sampleExtData) =>
  readSample({
    ext_data: Object.fromEntries(Object.entries(sampleExtData).filter(([other]) => other !== name)),
  });

describe('a v5 event', () => {
  it("is read from the seed's sample", () => {
    expect(read(sample)).toEqual({
      deviceId: '04f98265-1fad-47e5-9dda-66e191272055',
      eventId: undefined,
      occurredAt: Date.UTC(2019, 7, 17, 4, 35, 54, 20),
      identityId: '666666',
      identityName: 'Visitor 12',
      groupName: 'default_group',
      identityInfo: sample.identity_info,
      personType: 'VIP',
      score: 0.6231614351272583,
      deviceType: 'GATE',
      deviceIp: '192.168.1.243',
      pictures: { face: pictureFromBase64(jpeg), scene: pictureFromBase64(png) },
      extra: {},
    });
  });

  it('is read from JSON whose text beyond ASCII is escaped, as Python escapes it, or is not', () => {
    const name = '\\u8bbf\\u5ba2';
    const escaped = JSON.stringify(sample).replace('Visitor 12', name);
    const plain = JSON.stringify(sample).replace('Visitor 12', '访客');
    expect(eventOf(decodeText(escaped)).identityName).toBe('访客');
    expect(decodeText(escaped)).toEqual(decodeText(plain));
  });

  it('is read from a slice of a larger buffer', () => {
    const json = JSON.stringify(sample);
    const buffer = Buffer.from(`\uFEFF{"${json}`);
    const slice = buffer.subarray(buffer.length - Buffer.byteLength(json));
    expect(eventOf(decode(slice, v5))).toEqual(read(sample));
  });

  it.each([
    ['no JSON', 'device_id: 7'],
    ['JSON that breaks off', JSON.stringify(sample).slice(0, -1)],
    ['nothing', ''],
    ["the seed's sample as printed, its names unquoted", '{"identity_info":{addTime: 1594111791}}'],
    ['a Python literal', "{'device_id': True}"],
    ['JSON after the event', `${JSON.stringify(sample)}{}`],
  ])('is MALFORMED_MESSAGE, with its length, when it is %s', (_, text) => {
    expect(decodeText(text)).toMatchObject({
      ok: false,
      error: { code: 'MALFORMED_MESSAGE', detail: { messageBytes: Buffer.byteLength(text) } },
    });
  });

  it.each(['[]', 'null', '"event"', '1', 'true', '[{}]'])(
    'is INVALID_EVENT when it is %s',
    (text) => {
      expect(decodeText(text)).toMatchObject({ ok: false, error: { code: 'INVALID_EVENT' } });
    },
  );
});

describe('identity_id', () => {
  it('is "" for a stranger', () => {
    expect(readSample({ identity_id: '' }).identityId).toBe('');
  });

  it('may be a number in a text, or a number', () => {
    expect(readSample({ identity_id: '1602612036.3828533' }).identityId).toBe('1602612036.3828533');
    expect(readSample({ identity_id: 12345565 }).identityId).toBe('12345565');
  });

  it('is "" when it is absent, null or no text', () => {
    expect(read(sampleWithout('identity_id')).identityId).toBe('');
    expect(readSample({ identity_id: null }).identityId).toBe('');
    expect(readSample({ identity_id: {} }).identityId).toBe('');
  });
});

describe('device_id', () => {
  it('is the device that saw the face', () => {
    expect(readSample({ device_id: 'gate-1' }).deviceId).toBe('gate-1');
    expect(readSample({ device_id: 7 }).deviceId).toBe('7');
  });

  it('has the older name video_id', () => {
    expect(read({ ...sampleWithout('device_id'), video_id: 'gate-1' }).deviceId).toBe('gate-1');
    expect(readSample({ device_id: '', video_id: 'gate-1' }).deviceId).toBe('gate-1');
    expect(readSample({ device_id: null, video_id: 'gate-1' }).deviceId).toBe('gate-1');
  });

  it('goes before video_id', () => {
    const { deviceId, extra } = readSample({ video_id: 'gate-1' });
    expect(deviceId).toBe(sample.device_id);
    expect(extra).toEqual({});
  });

  it.each([[undefined], [''], [null], [{}], [true]])(
    'makes INVALID_EVENT, naming the field, when it is %j',
    (device_id) => {
      const error = refuse({ ...sample, device_id });
      expect(error).toMatchObject({ code: 'INVALID_EVENT', detail: { field: 'device_id' } });
      expect(error.message).toContain('device_id');
      expect(error.message).toContain('video_id');
    },
  );
});

describe('event_id', () => {
  it('is optional', () => {
    expect(read(sample).eventId).toBeUndefined();
    expect(readSample({ event_id: '' }).eventId).toBeUndefined();
    expect(readSample({ event_id: null }).eventId).toBeUndefined();
  });

  it('is a text, or a number as text', () => {
    expect(readSample({ event_id: '17' }).eventId).toBe('17');
    expect(readSample({ event_id: 17 }).eventId).toBe('17');
    expect(readSample({ event_id: 0 }).eventId).toBe('0');
  });
});

describe('identity_info', () => {
  it('keeps whatever the enrolment record has', () => {
    const identity_info = {
      user_id: '7',
      face_ids: ['a', 'b'],
      permission_ids: [],
      ext_info: { building_no: '1', room: '12', address: '', floor: 3 },
      description: null,
      visit_card_number: '0012',
    };
    expect(readSample({ identity_info }).identityInfo).toEqual(identity_info);
  });

  it.each([[{}], [null], [undefined], ['stranger'], [[]]])(
    'is {} for a stranger, whether sent as %j',
    (identity_info) => {
      expect(readSample({ identity_info }).identityInfo).toEqual({});
    },
  );

  it('gives way to what the event itself and ext_data say', () => {
    const event = read(sample);
    expect(event.identityInfo).toMatchObject({ type: 4, name: 'stranger' });
    expect(event).toMatchObject({ personType: 'VIP', identityName: 'Visitor 12' });
  });
});

describe('identity_name', () => {
  it.each(['', 'stranger', 'Visitor 12', '访客 12'])('may be %j', (identity_name) => {
    expect(readSample({ identity_name }).identityName).toBe(identity_name);
  });

  it('is "" when it is absent', () => {
    expect(read(sampleWithout('identity_name')).identityName).toBe('');
  });
});

describe('group_name', () => {
  it("is the group's name, or its id when it has none", () => {
    expect(readSample({ group_name: 'default_group' }).groupName).toBe('default_group');
    expect(readSample({ group_name: 12 }).groupName).toBe('12');
  });

  it('is "" when it is absent', () => {
    expect(read(sampleWithout('group_name')).groupName).toBe('');
  });
});

describe('reg_pic', () => {
  it('is the registered picture', () => {
    const { pictures } = readSample({ reg_pic: webp });
    expect(pictures.registered).toEqual(pictureFromBase64(webp));
  });

  it.each([[''], [null], [undefined], [7], [{ a: [] }]])(
    'is no picture when it is %j',
    (reg_pic) => {
      const { pictures, extra } = readSample({ reg_pic });
      expect(pictures).not.toHaveProperty('registered');
      expect(extra).toEqual({});
    },
  );
});

describe('recognize_face and spot_pic', () => {
  it('are the face and the scene, each optional', () => {
    expect(Object.keys(withoutExtData('spot_pic').pictures)).toEqual(['face']);
    expect(Object.keys(withoutExtData('recognize_face').pictures)).toEqual(['scene']);
  });

  it('are pictures of ext_data only', () => {
    const { pictures, extra } = read({ ...sampleWithout('ext_data'), spot_pic: 'kept as sent' });
    expect(pictures).toEqual({});
    expect(extra).toEqual({ spot_pic: 'kept as sent' });
  });

  it.each([
    ['a data-URI', `data:image/jpeg;base64,${jpeg}`],
    ['white space', jpeg.replaceAll(/.{4}/g, '$&\r\n')],
    ['the URL-safe alphabet', jpeg.replaceAll('+', '-').replaceAll('/', '_')],
    ['no padding', jpeg.replaceAll('=', '')],
  ])('may be written with %s', (_, recognize_face) => {
    expect(readExtData({ recognize_face }).pictures.face).toEqual(pictureFromBase64(jpeg));
  });

  it('are left out, and the event kept, when they are not base64', () => {
    const { pictures, extra } = readExtData({ recognize_face: 'no picture!' });
    expect(Object.keys(pictures)).toEqual(['scene']);
    expect(extra).toEqual({});
  });
});

describe('timestamp', () => {
  it.each([
    ['an integer beyond 32 bits', 1565771454932, 1565771454932],
    ['a float', 1566016554020.7178, 1566016554020],
    ['an integer as text', '1565771454932', 1565771454932],
    ['a float as text', ' 1565771454932.9 ', 1565771454932],
    ['in exponential form', '1.565771454932e12', 1565771454932],
    ['the epoch', 0, 0],
    ['before the epoch', -1566016554020, -1566016554020],
    ['ms of a clock that began at 1970', 86_400_000, 86_400_000],
    ['seconds', 1566016554, 1566016554000],
    ['seconds as a float', 1566016554.0207, 1566016554021],
    ['seconds as text', '1566016554', 1566016554000],
    ['µs', 1566016554020999, 1566016554020],
    ['µs as text', '1566016554020999', 1566016554020],
    ['ns as text', '1566016554020000000', 1566016554020],
    ['the last that a Date can hold', '8640000000000000000000', 8.64e15],
  ])('is ms since the epoch, whether %s', (_, timestamp, occurredAt) => {
    expect(readSample({ timestamp }).occurredAt).toBe(occurredAt);
  });

  it('is the same instant in s, ms, µs and ns, as a number of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1.5e12, max: 4.29e12 }), (ms) => {
        const texts = [`${ms / 1000}`, `${ms}`, `${ms}.9`, `${ms}000`, `${ms}999`, `${ms}000000`];
        for (const text of texts) {
          const json = JSON.stringify(sample).replace(String(sample.timestamp), text);
          expect(eventOf(decodeText(json)).occurredAt).toBe(ms);
        }
      }),
    );
  });

  it.each([
    [undefined],
    [null],
    [''],
    ['now'],
    ['0x10'],
    ['Infinity'],
    [[1565771454932]],
    [8.65e21],
    [-9e21],
    ['1e999'],
  ])('makes INVALID_EVENT, naming the field, when it is %j', (timestamp) => {
    const error = refuse({ ...sample, timestamp });
    expect(error).toMatchObject({ code: 'INVALID_EVENT', detail: { field: 'timestamp' } });
    expect(error.message).toMatch(/^timestamp: found .+, expected a time/);
  });
});

describe('score', () => {
  it.each([
    [0.78, 0.78],
    [10.15, 10.15],
    [82.05, 82.05],
    ['0.6231614351272583', 0.6231614351272583],
    ['82', 82],
    [0, 0],
  ])('is kept as sent: %j', (score, expected) => {
    expect(readSample({ score }).score).toBe(expected);
  });

  it.each([[undefined], [null], [''], ['high'], [{}]])('is 0 when it is %j', (score) => {
    expect(readSample({ score }).score).toBe(0);
  });

  it('is 0 when it is more than a number can hold', () => {
    const text = JSON.stringify(sample).replace(String(sample.score), '1e999');
    expect(eventOf(decodeText(text)).score).toBe(0);
  });
});

describe('ext_data', () => {
  it.each([[undefined], [null], [{}]])('may be %j', (ext_data) => {
    expect(readSample({ ext_data })).toMatchObject({
      deviceIp: undefined,
      personType: 'EMPLOYEE',
      deviceType: 'UNKNOWN',
      pictures: {},
    });
  });

  it.each([['person_type: 1'], [[]], [7]])(
    'names nobody, least of all an employee, when it is %j',
    (ext_data) => {
      expect(readSample({ ext_data }).personType).toBe('UNKNOWN');
    },
  );

  it('may have members that nobody has told of: they are kept', () => {
    const extra = { grab_fiqa_info: { score: 0.9 }, box_fiqa_info: [1, 2], note: null };
    expect(readExtData(extra).extra).toEqual(extra);
  });
});

describe('ext_data.device_ip', () => {
  it('is a text, or unknown', () => {
    expect(readExtData({ device_ip: '192.168.1.101' }).deviceIp).toBe('192.168.1.101');
    expect(readExtData({ device_ip: '' }).deviceIp).toBeUndefined();
    expect(withoutExtData('device_ip').deviceIp).toBeUndefined();
  });
});

describe('ext_data.person_type', () => {
  it.each([
    [1, 'EMPLOYEE'],
    [2, 'VISITOR'],
    [3, 'BLACKLIST'],
    [4, 'STRANGER'],
    [5, 'VIP'],
    ['3', 'BLACKLIST'],
    [2.0, 'VISITOR'],
  ])('%j is %s', (person_type, expected) => {
    expect(readExtData({ person_type }).personType).toBe(expected);
  });

  it('is EMPLOYEE when it is absent', () => {
    expect(withoutExtData('person_type').personType).toBe('EMPLOYEE');
  });

  it.each([[0], [6], [-1], [1.5], [null], [''], ['1x'], ['employee'], [true], [[1]], [{}]])(
    '%j is UNKNOWN, never an employee',
    (person_type) => {
      expect(readExtData({ person_type }).personType).toBe('UNKNOWN');
    },
  );
});

describe('ext_data.device_type', () => {
  it.each([
    ['0', 'GATE'],
    [0, 'GATE'],
    [1, 'CAPTURE'],
    ['2', 'IPC_STILL'],
    ['3', 'IPC_MOVING'],
    [4, 'ACCESS_CONTROL'],
  ])('%j is %s', (device_type, expected) => {
    expect(readExtData({ device_type }).deviceType).toBe(expected);
  });

  it.each([[5], [''], ['rtsp'], [null], [[]], [undefined]])('%j is UNKNOWN', (device_type) => {
    expect(readExtData({ device_type }).deviceType).toBe('UNKNOWN');
  });
});

describe('extra', () => {
  it('has what the event and its ext_data say beyond what is known', () => {
    const event = read({ ...sample, mask: 1, ext_data: { ...sampleExtData, age: 30 } });
    expect(event.extra).toEqual({ mask: 1, age: 30 });
  });

  it('has members of the event under another name where ext_data has one of that name', () => {
    const ext_data = { ...sampleExtData, mask: 1, 'event.mask': 2 };
    expect(readSample({ mask: 3, ext_data }).extra).toEqual({
      mask: 1,
      'event.mask': 2,
      'event.event.mask': 3,
    });
  });

  it('has no member that is known, wherever it is known', () => {
    expect(readSample({ video_id: 'gate-1', event_id: 1 }).extra).toEqual({});
  });
});

describe('the configuration', () => {
  it('is JSON with the names of the seed', () => {
    const message = v5.encodeConfiguration({
      devices: [read(sample).deviceId],
      demand: { live: true, registered: false },
    });
    expect(JSON.parse(message)).toEqual({
      need_face: true,
      need_register: false,
      event_list: [sample.device_id],
    });
  });
});
