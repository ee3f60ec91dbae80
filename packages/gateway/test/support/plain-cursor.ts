import { crc32 } from 'node:zlib';
import type { Epoch } from '../../src/journal/cursor.ts';
import type { Cursor } from '../../src/journal/journal.ts';

/** A cursor as gateways made it that did not encipher it. */
export function plainCursor(epoch: Epoch, position: number): Cursor {
  const bytes = Buffer.alloc(18);
  bytes.writeUInt8(1);
  bytes.writeBigUInt64BE(epoch, 1);
  bytes.writeUIntBE(position, 9, 6);
  bytes.writeUIntBE(crc32(bytes.subarray(0, 15)) >>> 8, 15, 3);
  return bytes.toString('base64url') as Cursor;
}
