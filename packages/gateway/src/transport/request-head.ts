import type { IncomingMessage } from 'node:http';
import { badRequest, type HttpFault } from './http-fault.ts';
import { decodeUnreserved } from './unreserved.ts';

/** RFC 9110, section 7.2: a host as in a URI, and a port, which may be empty. */
const HOST = /^(?:\[[0-9a-f:.]+\]|(?:[a-z0-9._~!$&'()*+,;=-]|%[0-9a-f]{2})*)(?::\d*)?$/i;

/** RFC 9112, section 3.2.2; what is before the path, and the path with its query. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)([^#]*)/i;

/** Both are lists, whose elements may be empty (RFC 9110, section 5.6.1). */
const TRANSFER_CODING = /^[\s,]*chunked[\s,]*$/i;
const EXPECTATION = /^[\s,]*(?:100-continue[\s,]*)*$/i;

/**
 * Reads the parts of a request's head that say how to read the rest of it, and brings the target
 * into origin-form: `request.url` becomes path and query, and `headers.host` the host that was
 * asked for, both without needless percent-encodings (RFC 9110, section 4.2.3). `*` stays.
 *
 * @returns why the request can't be answered (RFC 9110 and 9112), if that is so.
 */
export function readHead(request: IncomingMessage): HttpFault | undefined {
  const fault =
    versionFault(request) ?? hostFault(request) ?? targetFault(request) ?? framingFault(request);
  if (fault === undefined) normalize(request);
  return fault;
}

function normalize(request: IncomingMessage): void {
  const { url = '/', headers } = request;
  request.url = url.replace(/^[^?]*/, decodeUnreserved);
  if (headers.host !== undefined) headers.host = decodeUnreserved(headers.host);
}

/** Node's parser takes HTTP/0.9 and HTTP/2.0 for HTTP/1.1. */
function versionFault({ httpVersionMajor }: IncomingMessage): HttpFault | undefined {
  if (httpVersionMajor === 1) return undefined;
  const message = 'The gateway speaks only HTTP/1.1 and HTTP/1.0.';
  const headers = { Connection: 'close' };
  return { status: 505, code: 'HTTP_VERSION_NOT_SUPPORTED', message, headers };
}

/** RFC 9112, section 3.2. */
function hostFault({ headers, rawHeaders, httpVersion }: IncomingMessage): HttpFault | undefined {
  const { host } = headers;
  if (host === undefined) {
    return httpVersion === '1.0' ? undefined : badRequest('The request has no Host.');
  }
  const lines = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  if (lines.length > 1) return badRequest('The request has more than one Host.');
  return HOST.test(host) ? undefined : badRequest('The Host is not a host with or without a port.');
}

function targetFault(request: IncomingMessage): HttpFault | undefined {
  const { url = '', method } = request;
  if (url.startsWith('/') || url === '*') return undefined;
  const [, host, path] = ABSOLUTE_FORM.exec(url) ?? [];
  if (host === undefined || path === undefined || host === '' || !HOST.test(host)) {
    return badRequest('The target of the request is neither a path nor an http address.');
  }
  // The client has asked for this host, whatever Host says (RFC 9112, section 3.2.2).
  request.headers.host = host;
  if (path === '') request.url = method === 'OPTIONS' ? '*' : '/';
  else request.url = path.startsWith('/') ? path : `/${path}`;
  return undefined;
}

function framingFault({ headers, httpVersion }: IncomingMessage): HttpFault | undefined {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && !TRANSFER_CODING.test(coding)) {
    const message = 'The Transfer-Encoding is not supported; allowed: chunked.';
    // Where the request ends is not known (RFC 9112, section 6.1).
    return { status: 501, code: 'NOT_IMPLEMENTED', message, headers: { Connection: 'close' } };
  }
  const { expect } = headers;
  // HTTP/1.0 has no expectations (RFC 9110, section 10.1.1).
  if (expect === undefined || httpVersion === '1.0' || EXPECTATION.test(expect)) return undefined;
  const message = 'The expectation (Expect) is not supported; allowed: 100-continue.';
  return { status: 417, code: 'EXPECTATION_FAILED', message };
}
