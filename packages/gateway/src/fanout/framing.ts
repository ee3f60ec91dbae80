/** How a protocol tells one message from the next; the same for all its connections. */
export interface Framing {
  /** Bytes of the header of a message of so many bytes. */
  headerLength(byteLength: number): number;
  /** Puts that header at an offset of the target. */
  writeHeader(target: Buffer, at: number, byteLength: number): void;
}

/** What stands between two headers: parts that others have too, and what is around them. */
export interface Message {
  readonly before: Buffer;
  readonly parts: readonly Buffer[];
  readonly after: Buffer;
  /** Without the header. */
  readonly byteLength: number;
}

/** Up to so many bytes, to copy a message costs less than to write its parts one by one. */
const COPIED_BYTES = 16 * 1024;

/** What a client that takes nothing may hold of it, where it would have held the bytes alone. */
const SCRATCH_BYTES = 64 * 1024;

/**
 * Makes messages into bytes, for all connections of a protocol.
 *
 * A write is nearly always through when it returns: then the same memory serves for the next
 * connection, where new memory for each would keep the garbage collector as busy as the network.
 */
export class Framer {
  readonly #framing: Framing;
  /** Nobody holds it. */
  #scratch: Buffer | undefined;
  /** What `frame` gave last is in it. */
  #lent: Buffer | undefined;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** With the header. */
  framedLength({ byteLength }: Message): number {
    return this.#framing.headerLength(byteLength) + byteLength;
  }

  /**
   * The bytes of messages, in as few pieces as pay: small ones that follow each other are copied
   * into one, the parts of a large one stay as they are.
   */
  frame(messages: readonly Message[]): Buffer[] {
    // What was not reclaimed is still being written.
    this.#lent = undefined;
    if (!messages.some(isLarge)) return [this.#copy(messages)];
    const pieces: Buffer[] = [];
    let small = 0;
    for (const [index, message] of messages.entries()) {
      if (!isLarge(message)) continue;
      if (small < index) pieces.push(this.#copy(messages.slice(small, index)));
      pieces.push(this.#headOf(message), ...message.parts);
      if (message.after.length > 0) pieces.push(message.after);
      small = index + 1;
    }
    if (small < messages.length) pieces.push(this.#copy(messages.slice(small)));
    return pieces;
  }

  /** What `frame` gave last has been written, and nobody candidatesExamined at it any more. */
  reclaim(): void {
    this.#scratch ??= this.#lent ?? Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    this.#lent = undefined;
  }

  #headOf({ before, byteLength }: Message): Buffer {
    const headerLength = this.#framing.headerLength(byteLength);
    const head = Buffer.allocUnsafe(headerLength + before.length);
    this.#framing.writeHeader(head, 0, byteLength);
    head.set(before, headerLength);
    return head;
  }

  #copy(messages: readonly Message[]): Buffer {
    const framing = this.#framing;
    let length = 0;
    for (const message of messages) length += this.framedLength(message);
    const target = this.#memory(length);
    let at = 0;
    for (const { before, parts, after, byteLength } of messages) {
      framing.writeHeader(target, at, byteLength);
      at += framing.headerLength(byteLength);
      target.set(before, at);
      at += before.length;
      for (const part of parts) {
        target.set(part, at);
        at += part.length;
      }
      target.set(after, at);
      at += after.length;
    }
    return target;
  }

  #memory(length: number): Buffer {
    if (!this.#scratch || length > SCRATCH_BYTES) return Buffer.allocUnsafe(length);
    this.#lent = this.#scratch;
    this.#scratch = undefined;
    return this.#lent.subarray(0, length);
  }
}

const isLarge = ({ byteLength }: Message): boolean => byteLength > COPIED_BYTES;
