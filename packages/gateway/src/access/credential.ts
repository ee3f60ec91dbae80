import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { cookieCredential } from './session-cookie.ts';

const OTHER_SCHEME = /^(?!bearer\b)[a-z-]+ +\S/i;

/**
 * The credential in an `Authorization` header; undefined for none, or for another scheme. A header
 * that is no `Bearer` with one word holds a wrong credential, `''`.
 */
export function bearerCredential(authorization: string | undefined): string | undefined {
  if (authorization === undefined || OTHER_SCHEME.test(authorization)) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

/** The credential of a request: `Authorization` beats the session cookie. */
export const requestCredential = ({
  authorization,
  cookie,
}: IncomingHttpHeaders): string | undefined =>
  bearerCredential(authorization) ?? cookieCredential(cookie);

/** A value of another type holds a wrong credential. */
const text = z.string().catch('').nullish();

const connectionPayload = z.looseObject({
  token: text,
  Authorization: text,
  authorization: text,
});

/**
 * The credential in a `connection_init` payload: `{ token }` or `{ Authorization: "Bearer …" }`. A
 * value that is no text holds a wrong credential, `''`; null holds none.
 */
export function payloadCredential(payload: unknown): string | undefined {
  const { success, data } = connectionPayload.safeParse(payload);
  if (!success) return undefined;
  return data.token ?? bearerCredential(data.Authorization ?? data.authorization ?? undefined);
}

const pingPayload = z.looseObject({ token: text });

/** The newer credential in the payload of a `ping`, `{ token }`, by the same rules. */
export const renewalCredential = (payload: unknown): string | undefined =>
  pingPayload.safeParse(payload).data?.token ?? undefined;
