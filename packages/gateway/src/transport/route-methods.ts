import type { HttpFault } from './http-fault.ts';

export const READ_METHODS: readonly string[] = ['GET', 'HEAD'];
export const ALL_METHODS: readonly string[] = [...READ_METHODS, 'POST'];
export const SESSION_METHODS: readonly string[] = ['POST', 'DELETE'];

/** For `Allow`: every route says by OPTIONS which methods it has. */
export const allow = (methods: readonly string[]): string => [...methods, 'OPTIONS'].join(', ');

export const methodNotAllowed = (methods: readonly string[]): HttpFault => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `This route has no such method; allowed: ${allow(methods)}.`,
  headers: { Allow: allow(methods) },
});
