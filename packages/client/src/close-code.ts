import { ClientError, type ClientErrorCode } from './errors.ts';

/**
 * Close codes after which asking again can't help (RFC 6455, graphql-transport-ws). A gateway
 * says 4403 to a token that is wrong or has expired; a client that it forbids by origin or host gets no connection to
 * begin with, and asks by HTTP why.
 */
const FATAL: Readonly<Record<number, ClientErrorCode>> = {
  1002: 'PROTOCOL',
  1003: 'PROTOCOL',
  1007: 'PROTOCOL',
  1008: 'FORBIDDEN',
  4400: 'PROTOCOL',
  4401: 'UNAUTHENTICATED',
  4403: 'UNAUTHENTICATED',
  4406: 'PROTOCOL',
  4409: 'PROTOCOL',
  4429: 'PROTOCOL',
};

/** Why the other side closed the connection to `url`. Codes that are not known are retried. */
export function closeError(url: string, code: number, reason: string): ClientError {
  const said = reason === '' ? `${code}` : `${code}: ${reason}`;
  const fatal = FATAL[code];
  if (fatal === undefined) {
    return new ClientError('NETWORK', `The connection to ${url} was lost (${said}).`);
  }
  const why = fatal === 'UNAUTHENTICATED' ? ': the token is missing, wrong or expired' : '';
  return new ClientError(fatal, `The gateway refused the connection (${said})${why}.`);
}
