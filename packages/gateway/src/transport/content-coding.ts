import { promisify } from 'node:util';
import {
  brotliDecompress,
  constants,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
  zstdDecompress,
} from 'node:zlib';

/** 8 MiB, as RFC 9659 asks for: larger windows are memory that a client makes us take. */
const ZSTD_WINDOW_LOG_MAX = 23;

type Decode = (bytes: Buffer, options: Pick<ZlibOptions, 'maxOutputLength'>) => Promise<Buffer>;

const gunzipped = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const inflated = promisify<Buffer, ZlibOptions, Buffer>(inflate);
const inflatedRaw = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);
const unbrotlied = promisify(brotliDecompress);
const unzstded = promisify(zstdDecompress);

/** By the names of RFC 9110, section 8.4.1, and its registry. */
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipped],
  ['x-gzip', gunzipped],
  // Some clients leave the header of zlib out.
  ['deflate', (bytes, options) => (isZlib(bytes) ? inflated : inflatedRaw)(bytes, options)],
  ['br', (bytes, options) => unbrotlied(bytes, options)],
  [
    'zstd',
    (bytes, options) =>
      unzstded(bytes, {
        ...options,
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
      }),
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
  return names.length <= MAX_CODINGS && names.every((name) => DECODERS.has(name))
    ? names
    : undefined;
}

/**
 * Takes codings off a body. Never holds more of it than `maxBytes` decoded.
 *
 * @param codings as `codingsOf` gives them.
 */
export async function decodeContent(
  bytes: Buffer,
  codings: readonly string[],
  maxBytes: number,
): Promise<Buffer | 'too large' | 'unreadable'> {
  let decoded = bytes;
  for (const coding of codings.toReversed()) {
    const decode = DECODERS.get(coding);
    if (decode === undefined) return 'unreadable';
    try {
      decoded = await decode(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      // Decoders fail for what they were given, never otherwise.
      return isTooLarge(error) ? 'too large' : 'unreadable';
    }
  }
  return decoded;
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** RFC 1950, section 2.2: the method is 8, and both bytes together are a multiple of 31. */
const isZlib = (bytes: Buffer): boolean =>
  bytes.length >= 2 && ((bytes[0] ?? 0) & 15) === 8 && bytes.readUInt16BE(0) % 31 === 0;
