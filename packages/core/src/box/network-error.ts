import { isIPv6 } from 'node:net';
import { BoxError } from '../protocol/errors.ts';

/** `host:port` as it stands in a URL. */
export const authority = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;

const EXPLANATIONS = {
  TIMEOUT: 'does not answer in time: is the box on, and the network between?',
  UNREACHABLE: 'cannot be reached: is the box on, and are host and port right?',
  CLOSED: 'ended the connection',
  PROTOCOL: 'answers, but not in the protocol: is that the right port of a box?',
} as const;

const MEANINGS: ReadonlyMap<string | undefined, keyof typeof EXPLANATIONS> = new Map([
  ['ETIMEDOUT', 'TIMEOUT'],
  ['UND_ERR_CONNECT_TIMEOUT', 'TIMEOUT'],
  ['ECONNRESET', 'CLOSED'],
  ['ECONNABORTED', 'CLOSED'],
  ['EPIPE', 'CLOSED'],
  ['UND_ERR_SOCKET', 'CLOSED'],
]);

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/**
 * An error of the system, of `ws` or of undici as a BoxError. Beyond the codes above, an error
 * of the system means that no connection came about, and an error of a library that the
 * answer was not what it should be.
 *
 * @param where the address, as a URL.
 */
export function networkError(error: unknown, where: string): BoxError {
  const systemCode = codeOf(error);
  const ofSystem = error instanceof Error && ('syscall' in error || 'errors' in error);
  const code = MEANINGS.get(systemCode) ?? (ofSystem ? 'UNREACHABLE' : 'PROTOCOL');
  const found = systemCode ?? (error instanceof Error ? error.message : 'unknown error');
  // A parser's error holds the bytes it could not read, so only the system's errors go along.
  const options = ofSystem ? { cause: error } : {};
  return new BoxError(code, `${where} ${EXPLANATIONS[code]} (${found})`, {}, options);
}

/**
 * Whether an exchange ended because nobody was there. A refused connection doesn't mean that:
 * only a machine that is there refuses.
 */
export const isNobodyThere = (error: BoxError): boolean =>
  error.code === 'TIMEOUT' ||
  (error.code === 'UNREACHABLE' && codeOf(error.cause) !== 'ECONNREFUSED');
