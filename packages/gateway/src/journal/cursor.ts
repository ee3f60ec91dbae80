import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GatewayError } from '../errors.ts';
import type { Cursor, Position } from './journal.ts';

/**
 * One opening of one log: a position names a record within an epoch only, since a log that was
 * rolled back to a copy gives positions out anew. 64 random bits.
 */
export type Epoch = bigint;

export const newEpoch = (): Epoch => randomBytes(8).readBigUInt64BE();

/*
 * A cursor is 18 bytes in base64url: version (1), epoch (8), position (6), and of what stands
 * before it the upper 24 bits of the CRC-32. 18 bytes fill their 24 characters, so each cursor
 * has one spelling. The checksum keeps typing errors and foreign text out; it is no signature:
 * positions are no secret, and reading is allowed or not by other means.
 */
const VERSION = 1;
const LENGTH = 18;
const CHECKED = 15;
const FORM = /^[A-Za-z0-9_-]{24}$/;

export function encodeCursor(epoch: Epoch, position: Position): Cursor {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeBigUInt64BE(epoch, 1);
  bytes.writeUIntBE(position, 9, 6);
  bytes.writeUIntBE(checksum(bytes), CHECKED, 3);
  return bytes.toString('base64url') as Cursor;
}

/** @throws {GatewayError} INVALID_CURSOR when the text is not what `encodeCursor` gives. */
export function decodeCursor(text: string): { epoch: Epoch; position: Position } {
  const bytes = Buffer.from(FORM.test(text) ? text : '', 'base64url');
  if (
    bytes.length !== LENGTH ||
    bytes.readUInt8(0) !== VERSION ||
    bytes.readUIntBE(CHECKED, 3) !== checksum(bytes)
  ) {
    throw new GatewayError(
      'INVALID_CURSOR',
      `a text of ${text.length} characters is not a cursor: pass a cursor of this API unchanged`,
    );
  }
  return { epoch: bytes.readBigUInt64BE(1), position: bytes.readUIntBE(9, 6) as Position };
}

const checksum = (bytes: Buffer): number => crc32(bytes.subarray(0, CHECKED)) >>> 8;
