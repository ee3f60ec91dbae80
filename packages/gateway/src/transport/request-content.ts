import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { codingsOf, DECODED_CODINGS, decodeContent } from './content-coding.ts';
import { badRequest, type HttpFault } from './http-fault.ts';
import { readBody } from './request-body.ts';

/** Types in which GraphQL is asked by POST. */
const TYPES: readonly string[] = [
  'application/json',
  'application/graphql+json',
  'application/graphql',
  'application/x-www-form-urlencoded',
];

const ACCEPTED = { Accept: TYPES.join(', ') };

/** All of these are UTF-8, too. */
const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

export interface Content {
  /** In lower case, without parameters: one of the types in which GraphQL is asked. */
  readonly type: string;
  /** Without a byte order mark. */
  readonly text: string;
}

/**
 * Reads what a request by POST asks: all of its body, within `maxBytes` as it comes and as it is
 * decoded.
 *
 * @returns `broken off` when nobody is there any more to be answered.
 */
export async function readContent(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Content | { readonly fault: HttpFault } | 'broken off'> {
  const { headers } = request;
  const type = typeOf(headers['content-type']);
  if (typeof type !== 'string') return type;
  const codings = codingsOf(headers['content-encoding']);
  if (codings === undefined) {
    return unsupported('Its Content-Encoding is not supported', DECODED_CODINGS, {
      'Accept-Encoding': DECODED_CODINGS,
    });
  }
  const body = await readBody(request, maxBytes);
  if (body === 'broken off') return body;
  if (body === 'too large') return tooLarge(maxBytes);
  const decoded = body.length > 0 ? await decodeContent(body, codings, maxBytes) : body;
  if (decoded === 'too large') return tooLarge(maxBytes);
  if (decoded === 'unreadable') {
    return { fault: badRequest(`The request's body is not what its Content-Encoding says.`) };
  }
  try {
    return { type, text: UTF_8.decode(decoded) };
  } catch {
    return { fault: badRequest(`The request's body is not UTF-8.`) };
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function typeOf(header: string | undefined): string | { readonly fault: HttpFault } {
  if (header === undefined || header.trim() === '') {
    return unsupported('It has no Content-Type', 'application/json', ACCEPTED);
  }
  // A list is no media type, but some clients send one.
  const type = parseType(header) ?? parseType(header.replace(/,.*$/s, ''));
  if (type === undefined || !TYPES.includes(type.essence)) {
    return unsupported('Its Content-Type is not supported', ACCEPTED.Accept, ACCEPTED);
  }
  const charset = type.params.get('charset') ?? 'utf-8';
  return CHARSETS.has(charset.toLowerCase())
    ? type.essence
    : unsupported('The charset of its Content-Type is not supported', 'utf-8', ACCEPTED);
}

function parseType(text: string): MIMEType | undefined {
  try {
    return new MIMEType(text);
  } catch {
    return undefined;
  }
}

const unsupported = (
  found: string,
  allowed: string,
  headers: NonNullable<HttpFault['headers']>,
): { readonly fault: HttpFault } => ({
  fault: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: `The request can't be read. ${found}; allowed: ${allowed}.`,
    headers,
  },
});

const tooLarge = (maxBytes: number): { readonly fault: HttpFault } => ({
  fault: {
    status: 413,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    message: `The request's body is too large; allowed: ${maxBytes} bytes, compressed and decompressed.`,
  },
});
