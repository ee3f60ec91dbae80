import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { Cursors, newCursorKey, newEpoch, toCursorKey } from '../../src/journal/cursor.ts';
import type { Position } from '../../src/journal/journal.ts';
import { plainCursor } from '../support/plain-cursor.ts';

const journal = new Cursors(newCursorKey());

const epochs = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const positions = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((value) => value as Position);
const cursors = fc
  .tuple(epochs, positions)
  .map(([epoch, position]) => journal.encode(epoch, position));
const plainCursors = fc
  .tuple(epochs, positions)
  .map(([epoch, position]) => plainCursor(epoch, position));

/** Of the right form, but random. */
const anyBytes = fc
  .constantFrom(18, 24)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

const isInvalid = (text: string): boolean => {
  try {
    journal.decode(text);
    return false;
  } catch (error) {
    return error instanceof GatewayError && error.code === 'INVALID_CURSOR';
  }
};

const bytesOf = (cursor: string): Buffer => Buffer.from(cursor, 'base64url');

/** With the checksum made right, as anybody can do. */
function withChecksum(bytes: Buffer): string {
  const end = bytes.length - 3;
  bytes.writeUIntBE(crc32(bytes.subarray(0, end)) >>> 8, end, 3);
  return bytes.toString('base64url');
}

describe('a cursor', () => {
  it('gives back the epoch and the position that it was made of', () => {
    fc.assert(
      fc.property(epochs, positions, (epoch, position) => {
        expect(journal.decode(journal.encode(epoch, position))).toEqual({ epoch, position });
      }),
    );
  });

  it('is the same each time it is made, also between others and after a restart', () => {
    fc.assert(
      fc.property(epochs, positions, (epoch, position) => {
        const restarted = new Cursors(journal.key);
        const cursor = journal.encode(epoch, position);
        journal.encode(epoch, ((position + 1) % 2 ** 48) as Position);
        expect(journal.encode(epoch, position)).toBe(cursor);
        expect(restarted.encode(epoch, position)).toBe(cursor);
      }),
    );
  });

  it('is 32 characters that need no escaping in an address or a header', () => {
    fc.assert(fc.property(cursors, (cursor) => /^[A-Za-z0-9_-]{32}$/.test(cursor)));
  });

  it('does not show how far it is from another', () => {
    const nearby = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(
      fc.property(epochs, nearby, fc.integer({ min: 1, max: 1_000 }), (epoch, at, distance) => {
        const [one, other] = [at, at + distance].map((position) =>
          bytesOf(journal.encode(epoch, position as Position)).subarray(5, 21),
        );
        const differing = one?.map((byte, index) => byte ^ (other?.[index] ?? 0)) ?? [];
        const bits = Array.from(differing, (byte) => byte.toString(2).replaceAll('0', '').length);
        // About 64 of 128 bits differ. 16 or fewer differ once in 10^16.
        expect(bits.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(16);
      }),
    );
  });

  it('can’t be made into the cursor of another record', () => {
    const change = fc.record({
      at: fc.integer({ min: 5, max: 20 }),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(epochs, positions, change, (epoch, position, { at, by }) => {
        const bytes = bytesOf(journal.encode(epoch, position));
        bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
        expect(journal.decode(withChecksum(bytes))?.epoch).not.toBe(epoch);
      }),
    );
  });

  it('can be read with its key only', () => {
    const [key, other] = [newCursorKey(), newCursorKey()];
    const place = { epoch: newEpoch(), position: 7 as Position };
    const cursor = new Cursors(key).encode(place.epoch, place.position);
    expect(journal.decode(cursor)).toBeUndefined();
    expect(new Cursors(other).decode(cursor)).toBeUndefined();
    expect(new Cursors(other, [newCursorKey(), key]).decode(cursor)).toEqual(place);
    const bytes = bytesOf(cursor);
    bytesOf(new Cursors(other).encode(place.epoch, place.position)).copy(bytes, 1, 1, 5);
    expect(new Cursors(other).decode(withChecksum(bytes))?.epoch).not.toBe(place.epoch);
  });

  it('is read in the plain form that older gateways gave out', () => {
    expect(journal.decode('AQECAwQFBgcIAAAAAAABjyLo')).toEqual({
      epoch: 0x0102030405060708n,
      position: 1,
    });
    fc.assert(
      fc.property(epochs, positions, (epoch, position) => {
        expect(journal.decode(plainCursor(epoch, position))).toEqual({ epoch, position });
      }),
    );
  });

  it('is not taken when one of its characters is another', () => {
    const place = fc.nat({ max: 31 });
    const character = fc.constantFrom(...'Aa0-_=+/ ');
    fc.assert(
      fc.property(fc.oneof(cursors, plainCursors), place, character, (cursor, nth, other) => {
        const at = nth % cursor.length;
        fc.pre(cursor[at] !== other);
        return isInvalid(cursor.slice(0, at) + other + cursor.slice(at + 1));
      }),
    );
  });

  it('is not taken when it is cut short, goes on, or is any other text', () => {
    fc.assert(
      fc.property(cursors, fc.nat({ max: 31 }), (cursor, end) => isInvalid(cursor.slice(0, end))),
    );
    fc.assert(
      fc.property(fc.oneof(cursors, plainCursors), fc.string({ minLength: 1 }), (cursor, more) =>
        isInvalid(cursor + more),
      ),
    );
    fc.assert(fc.property(fc.string(), isInvalid));
    fc.assert(fc.property(anyBytes, isInvalid));
  });

  it('is not taken when another version of its form made it', () => {
    for (const cursor of [journal.encode(newEpoch(), 1 as Position), plainCursor(newEpoch(), 1)]) {
      for (const version of [0, 1, 2, 3]) {
        const bytes = bytesOf(cursor);
        if (bytes.readUInt8() === version) continue;
        bytes.writeUInt8(version);
        expect(isInvalid(withChecksum(bytes))).toBe(true);
      }
    }
  });

  it('is refused without being repeated in the message', () => {
    const pasted = 'whatever somebody pasted';
    expect(() => journal.decode(pasted)).toThrow(/24 characters is not a cursor/);
    expect(() => journal.decode(pasted)).not.toThrow(/pasted/);
  });

  it('belongs to an epoch and a key that no other journal has', () => {
    expect(newEpoch()).not.toBe(newEpoch());
    expect(newCursorKey()).not.toEqual(newCursorKey());
  });

  it('has a key of 16 bytes', () => {
    expect(() => toCursorKey(new Uint8Array(15))).toThrow(
      'a cursor key has 15 bytes; it must have 16',
    );
  });
});
