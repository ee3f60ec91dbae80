import { type Decoded, decode } from '../../src/protocol/decode.ts';
import { dialectNamed } from '../../src/protocol/dialects/index.ts';
import type { BoxError } from '../../src/protocol/errors.ts';
import type { BoxEvent } from '../../src/protocol/event.ts';

export const v5 = dialectNamed('v5');

/** Base64 of the first bytes of a JPEG, a PNG and a WebP. */
export const jpeg = Buffer.from('ffd8ffe000104a464946000101', 'hex').toString('base64');
export const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');
export const webp = Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1').toString('base64');

/** The `ext_data` of the seed's sample, with pictures for its dots. */
export const sampleExtData = {
  person_type: 5,
  device_ip: '192.168.1.243',
  device_type: '0',
  spot_pic: png,
  recognize_face: jpeg,
};

/** The seed's sample as JSON, its dots left out. */
export const sample = {
  reg_pic: '',
  ext_data: sampleExtData,
  identity_id: '666666',
  device_id: '04f98265-1fad-47e5-9dda-66e191272055',
  identity_info: {
    addTime: 1594111791,
    image_id: '5282249a-044d-43a2-9a97-0e4fee3832f5',
    name: 'stranger',
    type: 4,
  },
  score: 0.6231614351272583,
  timestamp: 1566016554020,
  group_name: 'default_group',
  identity_name: 'Visitor 12',
};

export const decodeText = (text: string): Decoded => decode(Buffer.from(text), v5);

export function eventOf(decoded: Decoded): BoxEvent {
  if (!decoded.ok) throw decoded.error;
  return decoded.event;
}

function errorOf(decoded: Decoded): BoxError {
  if (decoded.ok) throw new Error('The message was read as an event');
  return decoded.error;
}

/** Reads an event from what is to be its JSON. */
export const read = (wire: unknown): BoxEvent => eventOf(decodeText(JSON.stringify(wire)));

export const refuse = (wire: unknown): BoxError => errorOf(decodeText(JSON.stringify(wire)));

export const readSample = (members: object): BoxEvent => read({ ...sample, ...members });

export const readExtData = (members: object): BoxEvent =>
  readSample({ ext_data: { ...sampleExtData, ...members } });

/** Without a member of the seed's sample. */
export function sampleWithout(...names: (keyof typeof sample)[]): object {
  return Object.fromEntries(
    Object.entries(sample).filter(([name]) => !names.some((without) => without === name)),
  );
}

/** What there is to compare of a decoding, its pictures as text; undefined as it is. */
export function outcome(decoded: Decoded | undefined): unknown {
  if (decoded === undefined) return undefined;
  if (!decoded.ok) {
    const { code, message, detail } = decoded.error;
    return { code, message, detail };
  }
  const pictures = Object.entries(decoded.event.pictures).map(([slot, picture]) => ({
    slot,
    ...picture,
    base64: picture.base64.toString('latin1'),
  }));
  return { ...decoded.event, pictures: pictures.toSorted((a, b) => a.slot.localeCompare(b.slot)) };
}
