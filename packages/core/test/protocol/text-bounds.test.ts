import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeFast, decodeOrdinary, MAX_REST_BYTES } from '../../src/protocol/decode.ts';
import { MAX_DEVICES, readDevices } from '../../src/protocol/devices.ts';
import { MAX_NAME_LENGTH, MAX_TEXT_BYTES } from '../../src/protocol/text-bounds.ts';
import { jpeg, readSample, refuse, sample, sampleExtData, v5 } from './messages.ts';

const junk = 'x'.repeat(MAX_TEXT_BYTES);
const long = 'n'.repeat(MAX_NAME_LENGTH + 1);
const messageOf = (members: object) => Buffer.from(JSON.stringify({ ...sample, ...members }));

describe('the text of an event', () => {
  it('is kept as it is up to the bound', () => {
    const bare = messageOf({ more: '' }).length - sampleExtData.spot_pic.length - jpeg.length;
    const more = 'x'.repeat(MAX_TEXT_BYTES - bare);
    expect(readSample({ more }).extra).toEqual({ more });
    expect(readSample({ more: `${more}x` }).extra).toEqual({
      omitted: { bytes: MAX_TEXT_BYTES + 1 },
    });
  });

  it('makes the event unreadable beyond what can be read within some ms', () => {
    const bare = messageOf({ more: '' }).length - sampleExtData.spot_pic.length - jpeg.length;
    const more = 'x'.repeat(MAX_REST_BYTES - bare);
    expect(Object.keys(readSample({ more }).extra)).toEqual(['omitted']);
    expect(decode(messageOf({ more: `${more}x` }), v5)).toMatchObject({
      ok: false,
      error: { code: 'INVALID_EVENT', message: expect.stringContaining('beside its pictures') },
    });
  });

  it('goes as far as nobody knows what it is, which the event says; all else stays', () => {
    const event = readSample({ junk, ext_data: { ...sampleExtData, more: junk } });
    const { extra, ...usual } = readSample({});
    const { extra: left, ...others } = event;
    expect(others).toEqual(usual);
    expect(extra).toEqual({});
    expect(Object.keys(left)).toEqual(['omitted']);
  });

  it('does not count pictures, whichever road reads them', () => {
    const picture = Buffer.alloc(100_000, 'face').toString('base64');
    const message = messageOf({
      more: 1,
      ext_data: { ...sampleExtData, spot_pic: picture, recognize_face: picture },
    });
    expect(decodeFast(message, v5)).toMatchObject({ event: { extra: { more: 1 } } });
    expect(decodeOrdinary(message, v5)).toEqual(decodeFast(message, v5));
  });

  it('leaves out what is known of a person when that alone is too long, and keeps the event', () => {
    const event = readSample({ identity_info: { junk }, identity_name: junk });
    expect(event).toMatchObject({
      identityId: sample.identity_id,
      identityName: `${junk.slice(0, MAX_NAME_LENGTH - 1)}…`,
      identityInfo: {},
      personType: 'VIP',
    });
    expect(Object.keys(event.extra)).toEqual(['omitted']);
  });

  it.each([junk, [junk], 17])(
    'leaves the person unknown when `ext_data` is no object: %#',
    (ext_data) => {
      expect(readSample({ ext_data, junk })).toMatchObject({ personType: 'UNKNOWN' });
    },
  );

  it('does not count the escapes of a picture', () => {
    const picture = Buffer.alloc(600_000, 0xff).toString('base64');
    const usual = JSON.stringify({ ...sample, more: 1, reg_pic: picture });
    const escaped = usual.replaceAll('/', String.raw`\/`);
    expect(escaped.length - usual.length).toBeGreaterThan(MAX_TEXT_BYTES);
    expect(decode(Buffer.from(escaped), v5)).toEqual(decode(Buffer.from(usual), v5));
  });

  it('is refused when it nests too deep to be measured', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify(sample).replace(
      '"identity_info":{',
      `"identity_info":{"a":${deep},`,
    );
    expect(decode(Buffer.from(text), v5)).toMatchObject({ error: { code: 'INVALID_EVENT' } });
  });

  it('comes to the same on both roads, wherever what is too long stands', () => {
    const part = fc.constantFrom({}, { junk }, { more: { deeper: [junk] } }, { feature: junk });
    fc.assert(
      fc.property(part, part, part, (one, two, info) => {
        const message = messageOf({
          ...one,
          identity_info: info,
          ext_data: { ...sampleExtData, ...two },
        });
        expect(decodeFast(message, v5)).toEqual(decodeOrdinary(message, v5));
      }),
    );
  });
});

describe('ids and names', () => {
  it('a video_id is no matter where there is a device_id', () => {
    expect(readSample({ video_id: long })).toMatchObject({ deviceId: sample.device_id });
  });

  it.each(['device_id', 'event_id', 'identity_id'])(
    'an event with a %s that is too long is refused: cut, it may be another one',
    (field) => {
      const error = refuse({ ...sample, [field]: long });
      expect(error).toMatchObject({ code: 'INVALID_EVENT', detail: { field } });
      expect(error.message).not.toContain(long);
    },
  );

  it('names are cut, and say so', () => {
    const event = readSample({
      identity_name: long,
      group_name: long,
      ext_data: { ...sampleExtData, device_ip: long },
    });
    const cut = `${long.slice(0, MAX_NAME_LENGTH - 1)}…`;
    expect(event).toMatchObject({ identityName: cut, groupName: cut, deviceIp: cut });
  });

  it('names are not cut within a character', () => {
    const { identityName } = readSample({ identity_name: '😀'.repeat(MAX_NAME_LENGTH) });
    expect(identityName.isWellFormed()).toBe(true);
    expect(identityName.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
  });

  it('hold for a list of devices too, where one record does not spoil the others', () => {
    const list = [{ device_id: long }, { device_id: 'gate', device_name: long, junk }];
    const { devices, skipped } = readDevices({ data: { devices_list: list } }, v5);
    expect(skipped).toMatchObject([{ code: 'PROTOCOL', detail: { field: 'device_id' } }]);
    expect(devices).toMatchObject([{ deviceId: 'gate', name: `${long.slice(0, 255)}…` }]);
    expect(Object.keys(devices[0]?.extra ?? {})).toEqual(['omitted']);
  });

  it('a list of devices ends at its bound, and says so once', () => {
    const list = Array.from({ length: 5_000 }, (_, at) => ({ device_id: `gate-${at}` }));
    const { devices, skipped } = readDevices({ data: { devices_list: list } }, v5);
    expect(devices).toHaveLength(MAX_DEVICES);
    expect(skipped).toHaveLength(1);
    const unreadable = { data: { devices_list: Array.from({ length: 5_000 }, () => 17) } };
    expect(readDevices(unreadable, v5).skipped).toHaveLength(11);
  });
});
