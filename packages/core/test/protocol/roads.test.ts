import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inUtf8 } from '../../src/protocol/charset.ts';
import { decode, decodeFast, decodeOrdinary } from '../../src/protocol/decode.ts';
import { anyJson, anyText, memberOf, objectOf, stringOf } from './json-writers.ts';
import { eventOf, jpeg, outcome, png, sample, sampleExtData, v5, webp } from './messages.ts';

const NAMES = [
  ...Object.keys(sample),
  ...Object.keys(sampleExtData),
  ...['video_id', 'event_id', 'feature', 'feature_binary', '__proto__', 'constructor', 'data'],
];

const value = anyJson(NAMES);

const base64 = fc
  .oneof(
    { arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }), weight: 3 },
    fc.integer({ min: 12_280, max: 12_300 }).map((length) => new Uint8Array(length).fill(length)),
  )
  .map((bytes) => Buffer.from(bytes).toString('base64'));

const cleanPicture = fc.oneof(
  base64.map((text) => JSON.stringify(text)),
  fc.constantFrom('""', 'null', JSON.stringify(jpeg), JSON.stringify(png), JSON.stringify(webp)),
);

/** What boxes do to pictures, and what nobody should. */
const spoiltPicture = fc.oneof(
  stringOf(base64),
  base64.map((text) => JSON.stringify(`data:image/jpeg;base64,${text}`)),
  base64.map((text) => JSON.stringify(text.replaceAll('+', '-').replaceAll('/', '_'))),
  base64.map((text) => JSON.stringify(text.replaceAll('=', ''))),
  base64.map((text) => JSON.stringify(`${text}==`)),
  fc.tuple(base64, fc.nat(), fc.string({ unit: 'binary', maxLength: 2 })).map(
    ([text, at, odd]) =>
      // Raw, so that control characters and quotes stand where JSON forbids them.
      `"${text.slice(0, at % text.length)}${odd}${text.slice(at % text.length)}"`,
  ),
  // What follows the base64 could be taken for what follows the picture.
  base64.map((text) => `"${text}-}"`),
  base64.map((text) => `"${text}-,"`),
  value,
);

const literal = (name: string) => fc.constant(JSON.stringify(name));
const known = (name: string, json: fc.Arbitrary<string>) => memberOf(literal(name), json);

const required = [
  known('device_id', fc.constant(JSON.stringify(sample.device_id))),
  known('timestamp', fc.constant(String(sample.timestamp))),
];

const shuffled = (members: fc.Arbitrary<string[]>) =>
  members.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

/** Members with names that nothing else here has, not even written with escapes. */
const foreign = memberOf(
  anyText.map((name) => JSON.stringify(`x${name}`.replaceAll(/["\\\p{C}]/gu, ''))),
  value,
);

/** As boxes write: any order, any white space, escapes in values; pictures clean, no name twice. */
const usualMessage = objectOf(
  shuffled(
    fc
      .tuple(
        fc.tuple(...required, known('reg_pic', cleanPicture)),
        known(
          'ext_data',
          objectOf(
            shuffled(
              fc
                .tuple(
                  known('spot_pic', cleanPicture),
                  known('recognize_face', cleanPicture),
                  known('person_type', value),
                  fc.array(foreign, { maxLength: 3 }),
                )
                .map(([scene, face, personType, others]) => [scene, face, personType, ...others]),
            ),
          ),
        ),
        known('identity_info', value),
        known('identity_name', stringOf(anyText)),
        fc.array(foreign, { maxLength: 3 }),
      )
      .map(([first, extData, info, name, others]) => [...first, extData, info, name, ...others]),
  ),
);

const anyPicture = fc.oneof({ arbitrary: cleanPicture, weight: 4 }, spoiltPicture);

/** Anything but broken JSON: pictures of any kind, names repeated or escaped, members missing. */
const anyMessage = objectOf(
  shuffled(
    fc
      .tuple(
        fc.oneof({ arbitrary: fc.tuple(...required), weight: 6 }, fc.constant([])),
        fc.array(
          fc.oneof(
            ...required,
            known('reg_pic', anyPicture),
            memberOf(
              stringOf(fc.constant('ext_data')),
              objectOf(
                fc.array(
                  fc.oneof(
                    known('spot_pic', anyPicture),
                    known('recognize_face', anyPicture),
                    memberOf(stringOf(fc.constantFrom(...NAMES)), value),
                  ),
                  { maxLength: 5 },
                ),
              ),
            ),
            memberOf(stringOf(fc.constantFrom(...NAMES)), fc.oneof(value, cleanPicture)),
          ),
          { maxLength: 6 },
        ),
      )
      .map(([first, others]) => [...first, ...others]),
  ),
);

const bytesOf = (text: fc.Arbitrary<string>) => text.map((all) => Buffer.from(all));

/** Cut off, with bytes changed, put in or taken out, or with a byte order mark. */
const corrupted = (message: fc.Arbitrary<Buffer>) =>
  fc
    .tuple(message, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(3), fc.nat(4))
    .map(([bytes, position, put, taken, kind]) => {
      const at = position % (bytes.length + 1);
      if (kind === 0) return bytes.subarray(0, at);
      if (kind === 1) return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
      return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + taken)]);
    });

const agree = (message: Buffer): void => {
  const fast = decodeFast(message, v5);
  const ordinary = decodeOrdinary(inUtf8(message), v5);
  if (fast !== undefined) expect(outcome(fast)).toEqual(outcome(ordinary));
  expect(outcome(decode(message, v5))).toEqual(outcome(ordinary));
};

describe('the two roads of decode', () => {
  it('are the fast one for messages as boxes write them, with the result of the ordinary one', () => {
    fc.assert(
      fc.property(bytesOf(usualMessage), (message) => {
        const fast = decodeFast(message, v5);
        expect(fast).toBeDefined();
        expect(outcome(fast)).toEqual(outcome(decodeOrdinary(message, v5)));
      }),
      { numRuns: 300 },
    );
  });

  it('agree on any event, whatever its pictures, names and members', () => {
    fc.assert(fc.property(bytesOf(anyMessage), agree), { numRuns: 600 });
  });

  it('agree on any JSON', () => {
    fc.assert(fc.property(bytesOf(value), agree), { numRuns: 300 });
  });

  it('agree on messages that are cut off or corrupted', () => {
    fc.assert(fc.property(corrupted(bytesOf(fc.oneof(usualMessage, anyMessage))), agree), {
      numRuns: 600,
    });
  });

  it('agree on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }).map(Buffer.from), agree));
  });

  const usual = JSON.stringify({ ...sample, reg_pic: webp });
  const spoil = (from: string, to: string) => {
    expect(usual).toContain(from);
    return usual.replace(from, to);
  };

  it.each([
    ['an escape in a picture', spoil(`"${png}"`, `"\\u0069${png.slice(1)}"`)],
    ['an escaped slash in a picture', spoil(`"${jpeg}"`, `"${jpeg.replaceAll('/', '\\/')}"`)],
    ['an escape in the name of a picture', spoil('"reg_pic"', '"reg\\u005fpic"')],
    ['an escape in the name of what holds pictures', spoil('"ext_data"', '"\\u0065xt_data"')],
    ['a data-URI', spoil(png, `data:image/png;base64,${png}`)],
    ['white space in a picture', spoil(png, `${png.slice(0, 5)}\\n${png.slice(5)}`)],
    ['the URL-safe alphabet', spoil(jpeg, jpeg.replaceAll('/', '_'))],
    ['no padding', spoil(png, png.replaceAll('=', ''))],
    ['a picture repeated', spoil('"reg_pic"', '"reg_pic":"","reg_pic"')],
    ['what holds pictures repeated', spoil('"ext_data"', '"ext_data":{},"ext_data"')],
    ['a byte order mark', `\uFEFF${usual}`],
  ])('come to the same event in spite of %s', (_, message) => {
    const bytes = Buffer.from(message);
    expect(decodeFast(bytes, v5)).toBeUndefined();
    expect(decode(bytes, v5)).toEqual(decode(Buffer.from(usual), v5));
    expect(Object.keys(eventOf(decode(bytes, v5)).pictures)).toHaveLength(3);
  });

  const large = Buffer.alloc(9_000, 'face').toString('base64');

  it('keep the pictures of usual messages as slices of the message', () => {
    const message = Buffer.from(
      [jpeg, png, webp].reduce((text, each) => text.replace(each, large), usual),
    );
    const pictures = Object.values(eventOf(decode(message, v5)).pictures);
    expect(pictures).toHaveLength(3);
    for (const { base64 } of pictures) {
      expect(base64.buffer).toBe(message.buffer);
      expect(base64.toString()).toBe(large);
    }
  });

  it('copy a picture that is a small part of what its slice would hold in memory', () => {
    const { face, scene, registered } = eventOf(
      decode(Buffer.from(usual.replace(png, large.repeat(10))), v5),
    ).pictures;
    for (const [picture, text] of [
      [face, jpeg],
      [scene, large.repeat(10)],
      [registered, webp],
    ] as const) {
      expect(picture?.base64.toString()).toBe(text);
      // Node keeps small buffers in blocks of this size.
      const allowed = Math.max(4 * text.length, Buffer.poolSize);
      expect(picture?.base64.buffer.byteLength).toBeLessThanOrEqual(allowed);
    }
  });
});
