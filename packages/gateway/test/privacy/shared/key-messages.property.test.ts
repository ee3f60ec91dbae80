import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentOf,
  type KeyMessage,
  readMessage,
  subjectOf,
} from '../../../src/privacy/shared/key-messages.ts';

const day = fc.nat({ max: 1_000_000 });
const dayId = fc.nat({ max: 2 ** 48 - 1 });
const name = fc.stringMatching(/^[\w-]{1,20}$/);
const text = fc.string({ minLength: 1 });
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const id = fc.oneof(name, dayId);
const position = fc.nat({ max: 2 ** 48 - 1 });
/** Older gateways do not say it. */
const until = fc.option(fc.record({ position, at: fc.nat() }), { nil: undefined });

const message: fc.Arbitrary<KeyMessage> = fc.oneof(
  fc.record({ id: text, secret: text }).map((file) => ({ kind: 'file' as const, file })),
  fc
    .oneof(
      fc.record({ id: name, owner: name, key: bytes, usedOn: day }),
      fc.record({ id: dayId, owner: day, key: bytes, usedOn: day }),
    )
    .map((key) => ({ kind: 'key' as const, key })),
  fc.record({ kind: fc.constant('use' as const), id, usedOn: day }),
  fc.record({ kind: fc.constant('collected' as const), id }),
  fc.record({ kind: fc.constant('forgotten' as const), id }),
  fc
    .record({
      id: fc.uuid(),
      until,
      rows: fc.oneof(
        fc.record({ kind: fc.constant('stranger' as const), stranger: text }),
        fc.record({ kind: fc.constant('before' as const), time: day }),
      ),
    })
    .map(({ id, until, rows }) => ({ id, rows: until ? { ...rows, until } : rows }))
    .map((erasure) => ({ kind: 'erased' as const, erasure })),
  fc.constant({ kind: 'mark' as const }),
);

describe('a message about shared keys', () => {
  it('is read as it was written, by its subject and content', () => {
    fc.assert(
      fc.property(message, (written) => {
        const subject = subjectOf(written);
        expect(subject).toMatch(/^[\w-]+(\.[\w-]+)*$/);
        expect(readMessage(subject, contentOf(written))).toEqual(written);
      }),
    );
  });

  it('may have more fields', () => {
    fc.assert(
      fc.property(message, fc.json(), (written, more) => {
        const content = contentOf(written).replace('{', () => `{"later":${more},`);
        expect(readMessage(subjectOf(written), content)).toEqual(written);
      }),
    );
  });

  it('that is damaged is refused by its subject, and none of its content is repeated', () => {
    const secret = 'the-secret-of-the-file';
    fc.assert(
      fc.property(message, fc.string(), (written, junk) => {
        const subject = subjectOf(written);
        const content = contentOf(written);
        for (const damaged of [
          `${secret}${junk}`,
          content.replace('}', () => `,"${secret}"`),
          `[]`,
        ]) {
          expect(() => readMessage(subject, damaged)).toThrow(
            expect.objectContaining({
              code: 'BAD_MESSAGE',
              message: expect.not.stringContaining(secret),
            }),
          );
        }
      }),
    );
  });

  it.each([
    ['day.4.x', '{"v":1,"key":"AAAA","usedOn":1}'],
    ['day.4', '{"v":1}'],
    ['person.name.tag', '{"v":1,"key":"AAAA","usedOn":1}'],
    ['person.name.tag', `{"v":1,"key":"${'A'.repeat(43)}=","usedOn":-1}`],
    ['use.day.x', '{"v":1,"usedOn":1}'],
    ['use.day.3', '{"v":1}'],
    ['file', '{"v":1,"id":"a"}'],
    ['erased.x', '{"v":1,"kind":"group","group":"night"}'],
    ['mark', '{"v":"1"}'],
  ])('%s with %s is refused', (subject, content) => {
    expect(() => readMessage(subject, content)).toThrow(
      expect.objectContaining({ code: 'BAD_MESSAGE' }),
    );
  });
});
