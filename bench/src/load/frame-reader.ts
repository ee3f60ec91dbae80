export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** As much of a message as says what kind of message of graphql-transport-ws it is. */
const START_BYTES = 64;

const DELIVERY = Buffer.from('"type":"next"');

/** The first byte of a whole message, without its opcode. */
export const FINAL = 0x80;

/**
 * Counts the deliveries (`next`) in what a server writes, in whatever pieces it comes, and
 * looks at nothing but the first bytes of each message: parsing what thousands of clients get
 * would make the load the slowest part of what is measured.
 */
export class FrameReader {
  /** The beginning of a frame of which more is needed to go on. */
  #held: Buffer | undefined;
  /** Of the payload of a delivery under way, in bytes. */
  #toSkip = 0;
  /** Where the last delivery had its type: the next one will have it there too. */
  #typeAt = 0;
  readonly #other: (opcode: number, payload: Buffer) => void;

  /**
   * @param other is given each frame that is no delivery; of a fragment, which no contender writes,
   *   `opcode` is above 127. The payload is valid during the call only.
   */
  constructor(other: (opcode: number, payload: Buffer) => void) {
    this.#other = other;
  }

  /** @param chunk may be written over once this returns. @returns how many deliveries ended in it. */
  read(chunk: Buffer): number {
    const bytes = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = undefined;
    let deliveries = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#toSkip === 0) {
        const payloadAt = this.#beginFrame(bytes, at);
        if (payloadAt === undefined) {
          this.#held = Buffer.from(bytes.subarray(at));
          break;
        }
        at = payloadAt;
        if (this.#toSkip === 0) continue;
      }
      const skipped = Math.min(this.#toSkip, bytes.length - at);
      at += skipped;
      this.#toSkip -= skipped;
      if (this.#toSkip === 0) deliveries += 1;
    }
    return deliveries;
  }

  /** @returns where to go on; undefined when too little is there to say. */
  #beginFrame(bytes: Buffer, at: number): number | undefined {
    const first = bytes[at];
    const shortLength = bytes[at + 1];
    if (first === undefined || shortLength === undefined) return undefined;
    const payloadAt = at + (shortLength < 126 ? 2 : shortLength === 126 ? 4 : 10);
    if (payloadAt > bytes.length) return undefined;
    const length = payloadLength(bytes, at, shortLength);
    const opcode = first ^ FINAL;
    if (payloadAt + Math.min(length, START_BYTES) > bytes.length) return undefined;
    if (opcode === OPCODE.text && this.#isDelivery(bytes, payloadAt, length)) {
      this.#toSkip = length;
      return payloadAt;
    }
    if (payloadAt + length > bytes.length) return undefined;
    this.#other(opcode, bytes.subarray(payloadAt, payloadAt + length));
    return payloadAt + length;
  }

  #isDelivery(bytes: Buffer, at: number, length: number): boolean {
    const known = at + this.#typeAt;
    if (this.#typeAt + DELIVERY.length <= length && hasTypeAt(bytes, known)) return true;
    const typeAt = bytes.subarray(at, at + Math.min(length, START_BYTES)).indexOf(DELIVERY);
    if (typeAt === -1) return false;
    this.#typeAt = typeAt;
    return true;
  }
}

function payloadLength(bytes: Buffer, at: number, shortLength: number): number {
  if (shortLength < 126) return shortLength;
  if (shortLength === 126) return bytes.readUInt16BE(at + 2);
  return Number(bytes.readBigUInt64BE(at + 2));
}

function hasTypeAt(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < DELIVERY.length; index += 1) {
    if (bytes[at + index] !== DELIVERY[index]) return false;
  }
  return true;
}
