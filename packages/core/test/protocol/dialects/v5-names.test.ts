import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDevices } from '../../../src/protocol/devices.ts';
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts';
import { decodeText, eventOf, v5 } from '../messages.ts';

/** A number as JSON may write it. */
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 1n, max: 10n ** 40n }),
    fc.constantFrom('', '.0', '.10', '.50000000000000000001', 'e21', 'E+3'),
  )
  .map((parts) => parts.join(''));

const parse = (json: string): JsonValue => v5.readJson(Buffer.from(json));

it('names in an event keep the digits of a number as sent', () => {
  fc.assert(
    fc.property(number, (id) => {
      const text = `{"device_id":${id},"event_id":${id},"identity_id":${id},"timestamp":1566016554020,
        "identity_name":${id},"group_name":${id},"ext_data":{"device_ip":${id}}}`;
      const event = eventOf(decodeText(text));
      const { deviceId, eventId, identityId, identityName, groupName, deviceIp } = event;
      expect(new Set([deviceId, eventId, identityId, identityName, groupName, deviceIp])).toEqual(
        new Set([id]),
      );
    }),
  );
});

it('big integers in what is passed on keep their digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }), (id) => {
      const { extra, identityInfo } = eventOf(
        decodeText(
          `{"device_id":1,"timestamp":1566016554020,"person":[{"card_no":${id}}],
          "identity_info":{"id":${id}},"ext_data":{"card_no":${id}}}`,
        ),
      );
      expect(extra).toEqual({ card_no: String(id), person: [{ card_no: String(id) }] });
      expect(identityInfo).toEqual({ id: String(id) });
    }),
  );
});

it('names in a device list keep the digits of a number as sent', () => {
  fc.assert(
    fc.property(number, (id) => {
      const record = `{"device_id":${id},"device_name":${id},"device_ip":${id}}`;
      const { devices } = readDevices(parse(`{"data":{"devices_list":[${record}]}}`), v5);
      expect(devices).toMatchObject([{ deviceId: id, name: id, ip: id }]);
    }),
  );
});

it('names in a stored event keep the digits of a number as sent', () => {
  fc.assert(
    fc.property(number, (id) => {
      const record = parse(
        `{"_id":${id},"timestamp":1566016554,"common":{"ep_info":{"device_id":${id},"ep_ip":${id}},
        "identity_id":${id},"identity_name":${id},"group_id":${id},"identity_info":{"image_id":${id}},
        "spot_pic_id":${id},"recognize_face_pic_id":${id}}}`,
      ) as JsonObject;
      expect(v5.stored.idOf(record)).toBe(id);
      expect(v5.stored.readEvent(record)).toMatchObject({
        eventId: id,
        deviceId: id,
        deviceIp: id,
        identityId: id,
        identityName: id,
        groupName: id,
        pictures: { face: { id }, scene: { id }, registered: { id } },
      });
    }),
  );
});

it('live, stored and listed names are equal, whatever halves of surrogate pairs are in them', () => {
  const broken = '"\\ud83dA\\ude00"';
  const name = '\uFFFDA\uFFFD';
  const event = eventOf(
    decodeText(
      `{"device_id":${broken},"identity_id":${broken},"timestamp":1566016554020,${broken}:1,
      "identity_info":{${broken}:${broken}}}`,
    ),
  );
  const stored = v5.stored.readEvent(
    parse(
      `{"timestamp":1566016554,${broken}:1,"common":{"ep_info":{"device_id":${broken}},
      "identity_id":${broken},"identity_info":{${broken}:${broken}}}}`,
    ) as JsonObject,
  );
  const { devices } = readDevices(
    parse(`{"data":{"devices_list":[{"device_id":${broken},${broken}:[${broken}]}]}}`),
    v5,
  );
  for (const { deviceId, identityId, identityInfo, extra } of [event, stored]) {
    expect({ deviceId, identityId, identityInfo }).toEqual({
      deviceId: name,
      identityId: name,
      identityInfo: { [name]: name },
    });
    expect(extra).toMatchObject({ [name]: 1 });
  }
  expect(devices).toMatchObject([{ deviceId: name, extra: { [name]: [name] } }]);
});
