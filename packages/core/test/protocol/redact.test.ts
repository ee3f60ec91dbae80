import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxError } from '../../src/protocol/errors.ts';
import type { JsonObject, JsonValue } from '../../src/protocol/json.ts';
import { MAX_DEPTH, redactDevice, redactEvent } from '../../src/protocol/redact.ts';
import { anyJson, memberOf, objectOf, stringOf } from './json-writers.ts';
import { decodeText, eventOf, read, refuse, sample, sampleExtData } from './messages.ts';

const TEMPLATES = ['feature', 'feature_binary'];
const names = [...TEMPLATES, 'device_key', '__proto__', 'name', 'constructor', 'prototype'];

/** Parsed, so that `__proto__` is a member like any other. */
const anyObject: fc.Arbitrary<JsonObject> = objectOf(
  fc.array(memberOf(stringOf(fc.constantFrom(...names)), anyJson(names)), { maxLength: 6 }),
).map((text) => JSON.parse(text));

function* namesIn(value: JsonValue): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield* Object.keys(value);
  for (const inner of Object.values(value)) yield* namesIn(inner);
}

/** What should be left of a value, said another way. */
const without = (value: JsonValue, dropped: readonly string[]): JsonValue =>
  JSON.parse(
    JSON.stringify(value, (name, inner: JsonValue) => (dropped.includes(name) ? undefined : inner)),
  );

const nested = (levels: number): JsonValue =>
  JSON.parse('{"a":['.repeat(levels / 2) + ']}'.repeat(levels / 2));

const errorOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('biometric templates', () => {
  it('are in nothing that is kept of an event, at whatever depth they are sent', () => {
    fc.assert(
      fc.property(anyObject, anyObject, anyObject, (info, extData, others) => {
        const event = read({
          ...others,
          ...sample,
          identity_info: info,
          ext_data: { ...extData, ...sampleExtData },
        });
        const kept = [...namesIn(event.identityInfo), ...namesIn(event.extra)];
        expect(kept).not.toEqual(expect.arrayContaining([expect.stringMatching(/feature/)]));
      }),
    );
  });

  it('are all that is dropped, with device_key and __proto__', () => {
    fc.assert(
      fc.property(anyObject, (object) => {
        const dropped = [...TEMPLATES, 'device_key', '__proto__'];
        expect(without(redactEvent(object), [])).toEqual(without(object, dropped));
      }),
    );
  });
});

describe('__proto__ in a message', () => {
  it('changes no prototype, and is kept nowhere', () => {
    const text = JSON.stringify({ ...sample, identity_info: { name: 'a' } })
      .replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},')
      .replace('"name"', '"__proto__":{"polluted":1},"name"')
      .replace('"person_type"', '"__proto__":{"polluted":1},"person_type"');
    const { identityInfo, extra } = eventOf(decodeText(text));
    expect(identityInfo).toEqual({ name: 'a' });
    expect(extra).toEqual({ constructor: { prototype: { polluted: 1 } } });
    for (const object of [{}, identityInfo, extra]) {
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect('polluted' in object).toBe(false);
    }
  });
});

describe('nesting', () => {
  it('may be as deep as MAX_DEPTH, the object itself counted', () => {
    const deepest: JsonObject = { a: nested(MAX_DEPTH - 2) };
    expect(redactEvent({ a: [deepest] }.a[0] ?? {})).toEqual(deepest);
    expect(read({ ...sample, identity_info: deepest }).identityInfo).toEqual(deepest);
  });

  it('makes INVALID_EVENT of an event, and PROTOCOL of a device, when it is deeper', () => {
    const deep: JsonObject = { a: nested(MAX_DEPTH) };
    expect(errorOf(() => redactEvent(deep))).toBeInstanceOf(BoxError);
    expect(errorOf(() => redactEvent(deep))).toMatchObject({ code: 'INVALID_EVENT' });
    expect(errorOf(() => redactDevice(deep))).toMatchObject({ code: 'PROTOCOL' });
    expect(refuse({ ...sample, note: deep }).code).toBe('INVALID_EVENT');
    expect(refuse({ ...sample, ext_data: { note: deep } }).code).toBe('INVALID_EVENT');
  });

  it.each(['identity_info', 'ext_data', 'reg_pic', 'timestamp', 'note'])(
    'overflows no stack: %s',
    (name) => {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const) {
        const deep = `${open.repeat(200_000)}1${close.repeat(200_000)}`;
        const text = JSON.stringify({ ...sample, [name]: 'here' }).replace('"here"', deep);
        expect(() => decodeText(text)).not.toThrow();
      }
    },
  );
});
