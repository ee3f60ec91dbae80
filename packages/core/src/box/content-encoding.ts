import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const decoders = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  raw: promisify(inflateRaw),
  br: promisify(brotliDecompress),
};

const GZIP = Buffer.from('1f8b08', 'hex');

/**
 * The body of an answer, uncompressed. Nobody asks a box to compress, but embedded servers are
 * known to do it all the same, and some to name it wrongly [assumed]: gzip is known by its first
 * bytes, and `deflate` may be with its wrapper (RFC 9110) or without. A body that is not what it is
 * named is given back as it is.
 *
 * @param contentEncoding the header's value; `''` for none.
 * @returns undefined when it is longer than `maxBytes`.
 */
export async function uncompressed(
  body: Buffer,
  contentEncoding: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  for (const name of decodersFor(body, contentEncoding.trim().toLowerCase())) {
    try {
      return await decoders[name](body, { maxOutputLength: maxBytes });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
    }
  }
  return body;
}

function decodersFor(body: Buffer, named: string): readonly (keyof typeof decoders)[] {
  if (body.indexOf(GZIP) === 0) return ['gzip'];
  if (named === 'deflate') return ['deflate', 'raw'];
  return named === 'br' ? ['br'] : [];
}
