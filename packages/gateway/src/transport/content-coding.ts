import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** 8 MiB, as RFC 9659 asks for: larger windows are memory that a client makes us take. */
const ZSTD_WINDOW_LOG_MAX = 23;

/** Frames of one body in Zstandard. Each costs a decoder, however short the frame is. */
const MAX_FRAMES = 64;

interface Decoder extends Transform {
  /** Bytes that it was given and has decoded: it stops where the format says that it ends. */
  readonly bytesWritten: number;
}

interface Coding {
  readonly createDecoder: (bytes: Buffer) => Decoder;
  /** How often the format may begin anew behind its end. */
  readonly maxFrames: number;
}

/** Its decoder reads all members (RFC 1952, section 2.2). */
const GZIP: Coding = { createDecoder: () => createGunzip(), maxFrames: 1 };

/** By the names of RFC 9110, section 8.4.1, and its registry. */
const CODINGS: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  [
    'deflate',
    {
      // Some clients leave the header of zlib out.
      createDecoder: (bytes) => (isZlib(bytes) ? createInflate() : createInflateRaw()),
      maxFrames: 1,
    },
  ],
  ['br', { createDecoder: () => createBrotliDecompress(), maxFrames: 1 }],
  [
    'zstd',
    {
      createDecoder: () =>
        createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } }),
      // RFC 8878, section 3.
      maxFrames: MAX_FRAMES,
    },
  ],
]);

/** For `Accept-Encoding`. */
export const DECODED_CODINGS = 'gzip, deflate, br, zstd';

/** Codings on top of each other. Nobody needs two; each costs the time of a whole body. */
const MAX_CODINGS = 3;

/**
 * The codings of a `Content-Encoding`, in the order in which they were applied; undefined when one
 * of them is not known, or there are more than three.
 */
export function codingsOf(header: string | undefined): readonly string[] | undefined {
  const names = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  return names.length <= MAX_CODINGS && names.every((name) => CODINGS.has(name))
    ? names
    : undefined;
}

/**
 * Takes codings off a body. Never holds more of it than `maxBytes` decoded. The body is `unreadable`
 * when bytes are missing or follow behind the end of a coding, or when it has more than 64 frames
 * of Zstandard.
 *
 * @param codings as `codingsOf` gives them.
 */
export async function decodeContent(
  bytes: Buffer,
  codings: readonly string[],
  maxBytes: number,
): Promise<Buffer | 'too large' | 'unreadable'> {
  let decoded = bytes;
  for (const name of codings.toReversed()) {
    const coding = CODINGS.get(name);
    if (coding === undefined) return 'unreadable';
    const below = await decodeFrames(decoded, coding, maxBytes);
    if (typeof below === 'string') return below;
    decoded = below;
  }
  return decoded;
}

async function decodeFrames(
  bytes: Buffer,
  { createDecoder, maxFrames }: Coding,
  maxBytes: number,
): Promise<Buffer | 'too large' | 'unreadable'> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  let read = 0;
  for (let frame = 0; frame < maxFrames; frame += 1) {
    const encoded = bytes.subarray(read);
    const decoder = createDecoder(encoded);
    decoder.end(encoded);
    try {
      const decoded: AsyncIterable<Buffer> = decoder;
      for await (const chunk of decoded) {
        byteLength += chunk.length;
        if (byteLength > maxBytes) return 'too large';
        chunks.push(chunk);
      }
    } catch {
      // Decoders fail for what they were given, never otherwise.
      return 'unreadable';
    }
    if (decoder.bytesWritten === 0) return 'unreadable';
    read += decoder.bytesWritten;
    if (read === bytes.length) return Buffer.concat(chunks, byteLength);
  }
  return 'unreadable';
}

/** RFC 1950, section 2.2: the method is 8, and both bytes together are a multiple of 31. */
const isZlib = (bytes: Buffer): boolean =>
  bytes.length >= 2 && ((bytes[0] ?? 0) & 15) === 8 && bytes.readUInt16BE(0) % 31 === 0;
