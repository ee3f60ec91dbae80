import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { decodeCursor, encodeCursor, newEpoch } from '../../src/journal/cursor.ts';
import type { Position } from '../../src/journal/journal.ts';

const epochs = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const positions = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((value) => value as Position);
const cursors = fc
  .tuple(epochs, positions)
  .map(([epoch, position]) => encodeCursor(epoch, position));

/** Of the right form, but random. */
const anyBytes = fc
  .uint8Array({ minLength: 18, maxLength: 18 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

const isInvalid = (text: string): boolean => {
  try {
    decodeCursor(text);
    return false;
  } catch (error) {
    return error instanceof GatewayError && error.code === 'INVALID_CURSOR';
  }
};

describe('a cursor', () => {
  it('gives back the epoch and the position that it was made of', () => {
    fc.assert(
      fc.property(epochs, positions, (epoch, position) => {
        expect(decodeCursor(encodeCursor(epoch, position))).toEqual({ epoch, position });
      }),
    );
  });

  it('is text that needs no escaping in an address or a header', () => {
    fc.assert(fc.property(cursors, (cursor) => /^[A-Za-z0-9_-]+$/.test(cursor)));
  });

  it('is not taken when one of its characters is another', () => {
    const place = fc.nat({ max: 23 });
    const character = fc.constantFrom(...'Aa0-_=+/ ');
    fc.assert(
      fc.property(cursors, place, character, (cursor, at, other) => {
        fc.pre(cursor[at] !== other);
        return isInvalid(cursor.slice(0, at) + other + cursor.slice(at + 1));
      }),
    );
  });

  it('is not taken when it is cut short, goes on, or is any other text', () => {
    fc.assert(
      fc.property(cursors, fc.nat({ max: 23 }), (cursor, end) => isInvalid(cursor.slice(0, end))),
    );
    fc.assert(
      fc.property(cursors, fc.string({ minLength: 1 }), (cursor, more) => isInvalid(cursor + more)),
    );
    fc.assert(fc.property(fc.string(), isInvalid));
    fc.assert(fc.property(anyBytes, isInvalid));
  });

  it('is not taken when another version of its form made it', () => {
    const bytes = Buffer.from(encodeCursor(newEpoch(), 1 as Position), 'base64url');
    bytes.writeUInt8(2, 0);
    bytes.writeUIntBE(crc32(bytes.subarray(0, 15)) >>> 8, 15, 3);
    expect(isInvalid(bytes.toString('base64url'))).toBe(true);
  });

  it('is refused without being repeated in the message', () => {
    const pasted = 'whatever somebody pasted';
    expect(() => decodeCursor(pasted)).toThrow(/24 characters is not a cursor/);
    expect(() => decodeCursor(pasted)).not.toThrow(/pasted/);
  });

  it('belongs to an epoch that no other journal has', () => {
    expect(newEpoch()).not.toBe(newEpoch());
  });
});
