import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeUnreserved } from '../../src/transport/unreserved.ts';

const encode = (byte: number): string => `%${byte.toString(16).padStart(2, '0')}`;

const decodeAll = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));

it('decodes letters, digits, - . _ ~ and nothing else', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const decoded = bytes.filter((byte) => decodeUnreserved(encode(byte)) !== encode(byte));
  expect(String.fromCharCode(...decoded)).toBe(
    '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~',
  );
});

it.each([
  ['/%67raph%71%6C', '/graphql'],
  ['/%2567raphql', '/%2567raphql'],
  ['/%25%36%37', '/%2567'],
  ['/%%367raphql', '/%%367raphql'],
  ['/%67%', '/%67%'],
  ['/%2e%2E%2f', '/..%2f'],
])('makes %s to %s', (text, decoded) => {
  expect(decodeUnreserved(text)).toBe(decoded);
});

const part = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map(encode),
  fc
    .integer({ min: 0, max: 255 })
    .map(encode)
    .map((text) => text.toUpperCase()),
  fc.constantFrom('%', '%25', '%2', '/', '67', 'e'),
  fc.string(),
);

it('never changes what the whole text decodes to, nor its segments', () =>
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const decoded = decodeUnreserved(text);
      expect(decodeAll(decoded)).toBe(decodeAll(text));
      expect(decoded.split('/')).toHaveLength(text.split('/').length);
      expect(decodeUnreserved(decoded)).toBe(decoded);
    }),
  ));
