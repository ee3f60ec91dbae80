const NAME = 'se5_session';

/** Of name and value together: browsers drop a longer cookie without a word (RFC 6265bis, 5.7). */
const MAX_BYTES = 4_096;

const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

export interface SessionCookieOptions {
  /** Browsers send it by HTTPS alone. */
  readonly isSecure: boolean;
  /** How long browsers keep it, in s. Undefined: until they are closed. */
  readonly maxAgeS?: number | undefined;
}

/**
 * A `Set-Cookie` that makes a browser send this credential with each request. The cookie holds the
 * credential itself, so it survives a restart of the gateway, and what ends the credential ends it.
 *
 * @returns undefined when the credential is too long for a cookie.
 */
export function sessionCookie(
  credential: string,
  { isSecure, maxAgeS }: SessionCookieOptions,
): string | undefined {
  // A token may hold characters that end a cookie's value.
  const pair = `${NAME}=${encodeURIComponent(credential)}`;
  if (pair.length > MAX_BYTES) return undefined;
  return withAttributes(pair, isSecure, maxAgeS);
}

/** A `Set-Cookie` that makes a browser forget the session. */
export const endedSessionCookie = (isSecure: boolean): string =>
  withAttributes(`${NAME}=`, isSecure, 0);

function withAttributes(pair: string, isSecure: boolean, maxAgeS: number | undefined): string {
  const maxAge = maxAgeS === undefined ? '' : `; Max-Age=${maxAgeS}`;
  return `${pair}; ${ATTRIBUTES}${isSecure ? '; Secure' : ''}${maxAge}`;
}

/**
 * The credential in a `Cookie` header; undefined for none. A value that no gateway has written
 * holds a wrong credential, `''`.
 */
export function cookieCredential(header: string | undefined): string | undefined {
  const prefix = `${NAME}=`;
  const pair = header
    ?.split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(prefix));
  const value = pair?.slice(prefix.length);
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
