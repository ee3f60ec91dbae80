import { cleanBase64, decodedLength } from './base64.ts';

/**
 * One picture, kept as the base64 text that the box sent, as bytes.
 *
 * The bytes are a slice of the message they came in; only a picture that is a small part of its
 * message is copied. Nothing is decoded until somebody asks. They are clean base64 (RFC 4648
 * alphabet, correct padding), so they can
 * stand between two quotes of a JSON document as they are.
 */
export interface Picture {
  /** The base64 text in ASCII, as bytes; never empty. Treat as read-only. */
  readonly base64: Buffer;
  /** Size of the decoded picture, in bytes. */
  readonly byteLength: number;
  /** By the picture's first bytes; `application/octet-stream` when they name no known format. */
  readonly contentType: string;
}

/** What tells the formats apart. */
const SIGNATURE_BYTES = 12;

/** The same in base64. */
const SIGNATURE_CHARACTERS = 16;

/** The three bytes that a JPEG begins with, in base64: what nearly every picture is. */
const JPEG = Buffer.from('/9j/');

/** What a picture is called whose first bytes name no known format. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** @param base64 clean, and not empty. */
export const pictureOf = (base64: Buffer): Picture => ({
  base64,
  byteLength: decodedLength(base64),
  contentType: isJpeg(base64)
    ? 'image/jpeg'
    : contentTypeOf(decode(base64.subarray(0, SIGNATURE_CHARACTERS))),
});

const isJpeg = (base64: Buffer): boolean => JPEG.every((byte, index) => base64[index] === byte);

/**
 * A picture from base64 as boxes are known to write it: also as a data-URI, in the URL-safe
 * alphabet, with white space in it, unpadded [vendor, assumed].
 *
 * @returns undefined when the text is empty, or not base64 even so.
 */
export function pictureFromBase64(text: string): Picture | undefined {
  const base64 = cleanBase64(text);
  return base64 && pictureOf(base64);
}

/** A picture from its own bytes. @returns undefined when they are of no known format. */
export function pictureFromBytes(bytes: Buffer): Picture | undefined {
  if (contentTypeOf(bytes.subarray(0, SIGNATURE_BYTES)) === UNKNOWN_TYPE) return undefined;
  return pictureOf(Buffer.from(bytes.toString('base64'), 'latin1'));
}

/** The picture's own bytes, a copy. */
export const decodePicture = (picture: Picture): Buffer => decode(picture.base64);

const decode = (base64: Buffer): Buffer => Buffer.from(base64.toString('latin1'), 'base64');

function contentTypeOf(start: Buffer): string {
  const text = start.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  if (text.startsWith('GIF8')) return 'image/gif';
  if (text.startsWith('BM')) return 'image/bmp';
  return UNKNOWN_TYPE;
}
