import { OPCODE } from './frames.ts';

/** As much of a message as says what kind of message of graphql-transport-ws it is. */
const START_BYTES = 64;

const DELIVERY = '"type":"next"';
const DELIVERY_BYTES = Buffer.from(DELIVERY);

const FINAL = 0x80;

export interface FrameHandlers {
  readonly ping: (payload: Buffer) => void;
  /** A message that is no delivery. `start` is the first 64 bytes of it, or all. */
  readonly other: (start: string) => void;
  /** The server closes. */
  readonly closed: (code: number | undefined) => void;
}

/**
 * Counts the deliveries (`next`) in what a server writes, in whatever pieces it comes, and
 * looks at nothing but the first bytes of each message: parsing what thousands of clients get
 * would make the load the slowest part of what is measured.
 */
export class FrameReader {
  readonly #handlers: FrameHandlers;
  /** The beginning of a frame of which more is needed to go on. */
  #held: Buffer | undefined;
  /** Of the payload of the frame under way, in bytes. */
  #toSkip = 0;
  #isFinal = false;
  #isDelivery = false;
  /** Of a message that may not be a delivery. */
  #start = '';
  /** Where the last delivery had its type: the next one will have it there too. */
  #typeAt = 0;

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /** @param chunk may be written over once this returns. @returns how many deliveries ended in it. */
  read(chunk: Buffer): number {
    let bytes = chunk;
    if (this.#held) {
      bytes = Buffer.concat([this.#held, chunk]);
      this.#held = undefined;
    }
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
      }
      const skipped = Math.min(this.#toSkip, bytes.length - at);
      at += skipped;
      this.#toSkip -= skipped;
      if (this.#toSkip === 0 && this.#isFinal) {
        if (this.#isDelivery) deliveries += 1;
        else if (this.#start !== '') this.#handlers.other(this.#start);
        this.#isFinal = false;
      }
    }
    return deliveries;
  }

  /** @returns where the payload begins; undefined when too little is there to say. */
  #beginFrame(bytes: Buffer, at: number): number | undefined {
    const available = bytes.length - at;
    const first = bytes[at];
    const shortLength = bytes[at + 1];
    if (first === undefined || shortLength === undefined) return undefined;
    const headerBytes = shortLength < 126 ? 2 : shortLength === 126 ? 4 : 10;
    if (available < headerBytes) return undefined;
    const length = payloadLength(bytes, at, shortLength);
    const payloadAt = at + headerBytes;
    const opcode = first & 0x0f;

    if (opcode >= OPCODE.close) {
      if (available < headerBytes + length) return undefined;
      this.#control(opcode, bytes.subarray(payloadAt, payloadAt + length));
      return payloadAt + length;
    }
    const startBytes = Math.min(length, START_BYTES);
    if (available < headerBytes + startBytes) return undefined;
    if (opcode === OPCODE.continuation) this.#goOn(bytes, payloadAt, startBytes);
    else this.#classify(bytes, payloadAt, startBytes);
    this.#toSkip = length;
    this.#isFinal = (first & FINAL) !== 0;
    return payloadAt;
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.ping) this.#handlers.ping(Buffer.from(payload));
    if (opcode === OPCODE.close) {
      this.#handlers.closed(payload.length < 2 ? undefined : payload.readUInt16BE(0));
    }
  }

  #classify(bytes: Buffer, at: number, startBytes: number): void {
    this.#start = '';
    this.#isDelivery =
      this.#typeAt + DELIVERY_BYTES.length <= startBytes && hasTypeAt(bytes, at + this.#typeAt);
    if (this.#isDelivery) return;
    this.#start = bytes.toString('latin1', at, at + startBytes);
    const typeAt = this.#start.indexOf(DELIVERY);
    if (typeAt === -1) return;
    this.#isDelivery = true;
    this.#typeAt = typeAt;
  }

  /** A message in several fragments, of which the first may have been too short to tell. */
  #goOn(bytes: Buffer, at: number, startBytes: number): void {
    if (this.#isDelivery || this.#start.length >= START_BYTES) return;
    const missing = Math.min(startBytes, START_BYTES - this.#start.length);
    this.#start += bytes.toString('latin1', at, at + missing);
    this.#isDelivery = this.#start.includes(DELIVERY);
  }
}

function payloadLength(bytes: Buffer, at: number, shortLength: number): number {
  if (shortLength < 126) return shortLength;
  if (shortLength === 126) return bytes.readUInt16BE(at + 2);
  return Number(bytes.readBigUInt64BE(at + 2));
}

function hasTypeAt(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < DELIVERY_BYTES.length; index += 1) {
    if (bytes[at + index] !== DELIVERY_BYTES[index]) return false;
  }
  return true;
}
