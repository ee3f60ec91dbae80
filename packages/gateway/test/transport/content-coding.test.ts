import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codingsOf, decodeContent } from '../../src/transport/content-coding.ts';

const MAX_BYTES = 10_000;

const ENCODERS: readonly (readonly [
  coding: string,
  format: string,
  encode: (bytes: Uint8Array) => Buffer,
  isRepeated: boolean,
])[] = [
  ['gzip', 'gzip', gzipSync, true],
  ['x-gzip', 'gzip', gzipSync, true],
  ['deflate', 'zlib', deflateSync, false],
  ['deflate', 'raw deflate', deflateRawSync, false],
  ['br', 'brotli', brotliCompressSync, false],
  ['zstd', 'Zstandard', zstdCompressSync, true],
];

/** A frame that holds no content (RFC 8878, section 3.1.2). */
const SKIPPABLE = Buffer.from('502a4d1803000000616263', 'hex');

describe.each(ENCODERS)('%s (%s)', (coding, _format, encode, isRepeated) => {
  const decode = (bytes: Buffer) => decodeContent(bytes, [coding], MAX_BYTES);

  it('is decoded', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: MAX_BYTES }), async (content) => {
        expect(await decode(encode(content))).toEqual(Buffer.from(content));
      }),
      { numRuns: 30 },
    ));

  const parts = fc.array(fc.uint8Array({ maxLength: 1_000 }), { minLength: 2, maxLength: 10 });
  it(`is ${isRepeated ? 'decoded' : 'refused'} when it begins anew behind its end`, () =>
    fc.assert(
      fc.asyncProperty(parts, async (contents) => {
        const decoded = await decode(Buffer.concat(contents.map(encode)));
        expect(decoded).toEqual(isRepeated ? Buffer.concat(contents) : 'unreadable');
      }),
      { numRuns: 30 },
    ));

  it.each([
    ['text', Buffer.from('junk')],
    ['zeros', Buffer.alloc(3)],
    ['a zero and text', Buffer.from('\0junk')],
    ['more than is decoded at once', Buffer.alloc(100_000, 1)],
    ['its own beginning', encode(Buffer.from('content')).subarray(0, 3)],
  ])('is refused with %s behind its end', async (_, junk) => {
    for (const content of ['', 'content', 'x'.repeat(MAX_BYTES)]) {
      const bytes = Buffer.concat([encode(Buffer.from(content)), junk]);
      expect(await decode(bytes)).toBe('unreadable');
    }
  });

  it('is refused when its end is missing', async () => {
    const bytes = encode(Buffer.from('a content that is not repeated'));
    for (const length of bytes.keys()) {
      expect(await decode(bytes.subarray(0, length))).toBe('unreadable');
    }
  });

  it('may be as large as allowed, and no larger', async () => {
    expect(await decode(encode(Buffer.alloc(MAX_BYTES)))).toHaveLength(MAX_BYTES);
    expect(await decode(encode(Buffer.alloc(MAX_BYTES + 1)))).toBe('too large');
    expect(await decode(encode(Buffer.alloc(100 * MAX_BYTES)))).toBe('too large');
  });

  it.runIf(isRepeated)('may be as large as allowed in all its parts together', async () => {
    const half = encode(Buffer.alloc(MAX_BYTES / 2));
    const one = encode(Buffer.alloc(1));
    expect(await decode(Buffer.concat([half, half]))).toHaveLength(MAX_BYTES);
    expect(await decode(Buffer.concat([half, half, one]))).toBe('too large');
  });
});

describe('zstd', () => {
  const frame = zstdCompressSync(Buffer.from('x'));
  const decode = (...frames: Buffer[]) => decodeContent(Buffer.concat(frames), ['zstd'], MAX_BYTES);

  it('may have frames that hold no content', async () => {
    expect(await decode(SKIPPABLE, frame, SKIPPABLE, frame)).toEqual(Buffer.from('xx'));
  });

  it('has at most 64 frames', async () => {
    const frames = Array.from({ length: 64 }, () => frame);
    expect(await decode(...frames)).toHaveLength(64);
    expect(await decode(...frames, frame)).toBe('unreadable');
  });
});

it('takes codings off in the reverse order', async () => {
  const bytes = brotliCompressSync(gzipSync('content'));
  expect(await decodeContent(bytes, ['gzip', 'br'], MAX_BYTES)).toEqual(Buffer.from('content'));
  expect(await decodeContent(bytes, ['br', 'gzip'], MAX_BYTES)).toBe('unreadable');
  expect(await decodeContent(gzipSync(''), ['br', 'gzip'], MAX_BYTES)).toBe('unreadable');
});

it.each([
  [undefined, []],
  ['', []],
  ['identity', []],
  [', identity ,, GZip,\tbr , ', ['gzip', 'br']],
  ['gzip, compress', undefined],
  ['gzip, gzip, gzip, gzip', undefined],
])('the codings of Content-Encoding %j are %j', (header, codings) => {
  expect(codingsOf(header)).toEqual(codings);
});
