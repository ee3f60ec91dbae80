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

export const framedLength = ({ byteLength }: Message, framing: Framing): number =>
  framing.headerLength(byteLength) + byteLength;

/**
 * The bytes of messages, in as few pieces as pay: small ones that follow each other are copied
 * into one, the parts of a large one stay as they are.
 */
export function frame(messages: readonly Message[], framing: Framing): Buffer[] {
  const pieces: Buffer[] = [];
  let small = 0;
  messages.forEach((message, index) => {
    if (message.byteLength <= COPIED_BYTES) return;
    if (small < index) pieces.push(copy(messages.slice(small, index), framing));
    pieces.push(headOf(message, framing), ...message.parts);
    if (message.after.length > 0) pieces.push(message.after);
    small = index + 1;
  });
  if (small === 0) return [copy(messages, framing)];
  if (small < messages.length) pieces.push(copy(messages.slice(small), framing));
  return pieces;
}

function headOf({ before, byteLength }: Message, framing: Framing): Buffer {
  const headerLength = framing.headerLength(byteLength);
  const head = Buffer.allocUnsafe(headerLength + before.length);
  framing.writeHeader(head, 0, byteLength);
  head.set(before, headerLength);
  return head;
}

function copy(messages: readonly Message[], framing: Framing): Buffer {
  let length = 0;
  for (const message of messages) length += framedLength(message, framing);
  const target = Buffer.allocUnsafe(length);
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
