import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a browser may remember that an origin may ask, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/** What every answer tells a browser: not to guess types, not to show us in a frame. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
}

/** Lets pages of that origin read the answer beside our own, and nobody else's. */
export function setCorsHeaders(response: ServerResponse, origin: string | undefined): void {
  const policy = origin === undefined ? 'same-origin' : 'cross-origin';
  response.setHeader('Vary', 'Origin');
  response.setHeader('Cross-Origin-Resource-Policy', policy);
  if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
}

/** Lets pages of every origin read the answer. */
export function setOpenCorsHeaders(response: ServerResponse): void {
  response.setHeader('Vary', 'Origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('Access-Control-Allow-Origin', '*');
}

/** A browser that asks whether a page may ask. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

export function sendPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(204, {
      'Access-Control-Allow-Methods': 'GET, HEAD, POST',
      // The cookie does not count for other origins, so no header that a listed page adds can do harm.
      'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? 'Content-Type',
      'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_S,
    })
    .end();
}
