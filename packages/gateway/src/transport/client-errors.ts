import type { Duplex } from 'node:stream';
import { badRequest, type HttpFault } from './http-fault.ts';
import { closeWithFault } from './raw-answer.ts';

/**
 * RFC 9112, section 3: a target that is longer gets 414. Of all headers, 16 KiB are read, and only
 * the bytes that were read last tell of the target: one that came in several packets gets 431.
 */
const MAX_TARGET_BYTES = 8_192;

/** What Node tells of bytes that are no request. */
export interface ClientError extends Error {
  readonly code?: string;
  /** What the parser says of it. */
  readonly reason?: string;
  /** The bytes that were read last. */
  readonly rawPacket?: Buffer;
}

/** Answers a connection whose bytes can't be read as a request, or whose request does not end. */
export function answerClientError(error: ClientError, socket: Duplex): void {
  if (socket.writable && error.code !== 'ECONNRESET') closeWithFault(socket, faultOf(error));
  else socket.destroy();
}

function faultOf({ code = '', reason, rawPacket }: ClientError): HttpFault {
  // The parser gives it the code of a wrong version.
  if (reason === 'Expected CRLF after version') {
    return badRequest('The request line must end with CRLF right after HTTP/1.1 or HTTP/1.0.');
  }
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        code: 'REQUEST_TIMEOUT',
        message: 'The request was not complete in time.',
      };
    case 'HPE_HEADER_OVERFLOW':
      return isTargetLong(rawPacket)
        ? { status: 414, code: 'URI_TOO_LONG', message: 'The address is too long; ask by POST.' }
        : {
            status: 431,
            code: 'REQUEST_HEADER_FIELDS_TOO_LARGE',
            message: 'The headers of the request are too large; allowed: 16 KiB.',
          };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        status: 413,
        code: 'REQUEST_ENTITY_TOO_LARGE',
        message: 'The extensions of a chunk are too large.',
      };
    case 'HPE_INVALID_METHOD':
      // TLS on this port, say, is no method at all.
      return /^[!#$%&'*+.^_`|~\w-]+ /.test(rawPacket?.toString('latin1', 0, 100) ?? '')
        ? {
            status: 501,
            code: 'NOT_IMPLEMENTED',
            message: 'The method of the request is unknown; allowed: GET, HEAD, POST.',
            headers: { Allow: 'GET, HEAD, POST, OPTIONS' },
          }
        : badRequest('This is not an HTTP request.');
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return {
        status: 505,
        code: 'HTTP_VERSION_NOT_SUPPORTED',
        message: 'The gateway speaks only HTTP/1.1 and HTTP/1.0.',
      };
    case 'HPE_INVALID_TRANSFER_ENCODING':
      return badRequest(
        'The Transfer-Encoding of the request is not chunked, once and at its end.',
      );
    case 'HPE_CR_EXPECTED':
      return badRequest('A line of the request ends without CR; each must end with CRLF.');
    default:
      return badRequest('The request is not valid HTTP/1.1.');
  }
}

function isTargetLong(packet: Buffer | undefined): boolean {
  if (packet === undefined || !/^[A-Z]+ /.test(packet.toString('latin1', 0, 20))) return false;
  const end = packet.indexOf('\r\n');
  return end < 0 || end > MAX_TARGET_BYTES;
}
