import type { Framing } from '../fanout/framing.ts';

/** FIN, and the opcode of text: a message is one frame. */
const WHOLE_TEXT = 0x81;

const MAX_LENGTH_IN_7_BITS = 125;
const LENGTH_IN_16_BITS = 126;
const MAX_LENGTH_IN_16_BITS = 0xff_ff;
const LENGTH_IN_64_BITS = 127;

/** Text messages of a server (RFC 6455, section 5.2): whole, not masked, not compressed. */
export const WEBSOCKET_FRAMING: Framing = {
  headerLength(byteLength) {
    if (byteLength <= MAX_LENGTH_IN_7_BITS) return 2;
    return byteLength <= MAX_LENGTH_IN_16_BITS ? 4 : 10;
  },
  writeHeader(target, at, byteLength) {
    target[at] = WHOLE_TEXT;
    if (byteLength <= MAX_LENGTH_IN_7_BITS) {
      target[at + 1] = byteLength;
    } else if (byteLength <= MAX_LENGTH_IN_16_BITS) {
      target[at + 1] = LENGTH_IN_16_BITS;
      target.writeUInt16BE(byteLength, at + 2);
    } else {
      target[at + 1] = LENGTH_IN_64_BITS;
      target.writeBigUInt64BE(BigInt(byteLength), at + 2);
    }
  },
};
