/** The parts of RFC 6455 that a lean client and a lean box need to write. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;

/** A whole text message as a server writes it. */
export function textFrame(payload: Buffer): Buffer {
  const header = lengthBytes(payload.length);
  return Buffer.concat([Buffer.from([FINAL | OPCODE.text]), header, payload]);
}

/**
 * A whole message as a client writes it. A mask of zeros is a mask: the payload stays what it
 * is, and no time is spent on what is not measured.
 */
export function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const header = lengthBytes(payload.length);
  header.writeUInt8(header.readUInt8(0) | MASKED, 0);
  return Buffer.concat([Buffer.from([FINAL | opcode]), header, Buffer.alloc(4), payload]);
}

function lengthBytes(length: number): Buffer {
  if (length < 126) return Buffer.from([length]);
  if (length < 2 ** 16) {
    const bytes = Buffer.from([126, 0, 0]);
    bytes.writeUInt16BE(length, 1);
    return bytes;
  }
  const bytes = Buffer.from([127, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
