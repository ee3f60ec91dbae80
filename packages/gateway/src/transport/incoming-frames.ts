const FIN = 0x80;
const OPCODE = 0x0f;
/** Opcodes from here on are those of control frames. */
const FIRST_CONTROL_OPCODE = 0x8;

const MASKED = 0x80;
const LENGTH = 0x7f;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const MASK_BYTES = 4;

/** `begun`: it is unfinished, and began in the bytes that were read last. */
export type MessageState = 'finished' | 'begun' | 'unfinished';

/**
 * Follows the frames that a client sends (RFC 6455, section 5.2), in any pieces, and keeps none of
 * them. It tells whether a message is unfinished, which `ws` does not. A message ends with its last
 * frame, whatever control frames come between its fragments; a control frame outside a message
 * counts as a message of its own. Frames that RFC 6455 forbids are for `ws` to refuse.
 */
export class IncomingFrames {
  /** Bytes of the header of the present frame that were read; 0 between frames. */
  #headerRead = 0;
  #headerLength = 2;
  #lengthBytes = 0;
  #firstByte = 0;
  #payloadLeft = 0;
  /** Between the fragments of a message, and in them. */
  #isInMessage = false;

  read(bytes: Uint8Array): MessageState {
    let hasBegun = false;
    for (let at = 0; at < bytes.length; ) {
      if (this.#headerRead === this.#headerLength) {
        const skipped = Math.min(this.#payloadLeft, bytes.length - at);
        this.#payloadLeft -= skipped;
        at += skipped;
      } else {
        if (this.#headerRead === 0 && !this.#isInMessage) hasBegun = true;
        this.#readHeader(bytes[at] ?? 0);
        at += 1;
      }
      if (this.#headerRead === this.#headerLength && this.#payloadLeft === 0) this.#endFrame();
    }
    if (this.#headerRead === 0 && !this.#isInMessage) return 'finished';
    return hasBegun ? 'begun' : 'unfinished';
  }

  #readHeader(byte: number): void {
    if (this.#headerRead === 0) {
      this.#firstByte = byte;
    } else if (this.#headerRead === 1) {
      const length = byte & LENGTH;
      if (length === LENGTH_IN_64_BITS) this.#lengthBytes = 8;
      else this.#lengthBytes = length === LENGTH_IN_16_BITS ? 2 : 0;
      this.#headerLength = 2 + this.#lengthBytes + ((byte & MASKED) === 0 ? 0 : MASK_BYTES);
      this.#payloadLeft = this.#lengthBytes === 0 ? length : 0;
    } else if (this.#headerRead < 2 + this.#lengthBytes) {
      this.#payloadLeft = this.#payloadLeft * 256 + byte;
    }
    this.#headerRead += 1;
  }

  #endFrame(): void {
    this.#headerRead = 0;
    this.#headerLength = 2;
    const isControl = (this.#firstByte & OPCODE) >= FIRST_CONTROL_OPCODE;
    if (!isControl) this.#isInMessage = (this.#firstByte & FIN) === 0;
  }
}
