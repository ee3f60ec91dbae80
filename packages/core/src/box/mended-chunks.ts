const LF = 0x0a;
const CR = 0x0d;

/** What the line before a chunk may have, in bytes. */
const MAX_LINE_BYTES = 1_024;

/** The size in hexadecimal, and extensions, which nobody needs. */
const SIZE_LINE = /^[ \t]*([\da-f]{1,8})[ \t]*(?:;.*)?\r?$/i;

const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);
const BODY_END = Buffer.from('0\r\n\r\n');

/**
 * Rewrites a body in chunks in the form of RFC 9112: a lone LF may end the line of a chunk's size,
 * a chunk, and the trailers, which are left out. From the first byte that can't be mended, nothing
 * is changed, for the parser to refuse it.
 */
export class MendedChunks {
  #state: 'size' | 'data' | 'end' | 'done' | 'unreadable' = 'size';
  #line: Buffer = NOTHING;
  /** Bytes of the chunk that are still to come. */
  #left = 0;

  /** The beginning of a line that has no end. */
  get unread(): Buffer {
    return this.#line;
  }

  /** @returns what can be passed on by now. */
  mend(received: Buffer): Buffer {
    const parts: Buffer[] = [];
    let rest = received;
    while (rest.length > 0) rest = this.#step(rest, parts);
    return Buffer.concat(parts);
  }

  /** @returns what is left to be read. */
  #step(bytes: Buffer, parts: Buffer[]): Buffer {
    switch (this.#state) {
      case 'size':
        return this.#size(bytes, parts);
      case 'data':
        return this.#data(bytes, parts);
      case 'end':
        return this.#end(bytes, parts);
      case 'unreadable':
        parts.push(bytes);
        return NOTHING;
      case 'done':
        return NOTHING;
    }
  }

  #size(bytes: Buffer, parts: Buffer[]): Buffer {
    const end = bytes.indexOf(LF);
    const until = end === -1 ? bytes.length : end;
    const line = Buffer.concat([this.#line, bytes.subarray(0, until)]);
    this.#line = line;
    if (end === -1 && line.length <= MAX_LINE_BYTES) return bytes.subarray(until);
    this.#line = NOTHING;
    const size = SIZE_LINE.exec(line.toString('latin1'))?.[1];
    if (end === -1 || size === undefined) {
      this.#state = 'unreadable';
      parts.push(line);
      return bytes.subarray(until);
    }
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'done' : 'data';
    parts.push(this.#left === 0 ? BODY_END : Buffer.from(`${size}\r\n`));
    return bytes.subarray(end + 1);
  }

  #data(bytes: Buffer, parts: Buffer[]): Buffer {
    const data = bytes.subarray(0, this.#left);
    this.#left -= data.length;
    if (this.#left === 0) this.#state = 'end';
    parts.push(data);
    return bytes.subarray(data.length);
  }

  #end(bytes: Buffer, parts: Buffer[]): Buffer {
    const [byte] = bytes;
    if (byte === CR) return bytes.subarray(1);
    this.#state = byte === LF ? 'size' : 'unreadable';
    if (byte !== LF) return bytes;
    parts.push(LINE_END);
    return bytes.subarray(1);
  }
}
