import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { AccessConfig, TokenConfig } from '../config/access.ts';
import { OPEN_VIEWER, Roles } from './roles.ts';
import type { Viewer } from './viewer.ts';

/** Who holds this credential; undefined when one is needed and this is not it. */
export type Authenticate = (
  credential: string | undefined,
) => Viewer | undefined | Promise<Viewer | undefined>;

/** By what is wrong with the credential. */
export const UNAUTHENTICATED_MESSAGES = {
  missing:
    'A token is needed: send "Authorization: Bearer <token>", or { "token": "<token>" } as the ' +
    'payload of connection_init. It is the value of access.token in the gateway’s configuration.',
  wrong:
    'This is not the right token. The right one is the value of access.token in the gateway’s ' +
    'configuration.',
} as const;

/**
 * By the tokens of the configuration. Digests are compared, so that neither the time nor the
 * length tells how near a guess was.
 *
 * @param now in ms since the Unix epoch.
 */
export function authenticateByToken(
  tokens: readonly TokenConfig[],
  roles: Roles,
  now: () => number = Date.now,
): (credential: string) => Viewer | undefined {
  const known = tokens.map((token) => ({ token, digest: Buffer.from(token.sha256, 'hex') }));
  return (credential) => {
    const sent = digest(credential);
    const found = known.find((each) => timingSafeEqual(each.digest, sent))?.token;
    if (!found || (found.expiresAt !== undefined && found.expiresAt <= now())) return undefined;
    const { name, expiresAt } = found;
    return {
      kind: 'credential',
      name,
      roles: found.roles,
      expiresAt,
      ...roles.allowing(found.roles),
    };
  };
}

/** @param roles Default: those of the configuration. */
export function createAuthenticate(
  access: AccessConfig,
  roles: Roles = rolesOf(access),
): Authenticate {
  if (access.kind === 'open') return () => OPEN_VIEWER;
  const byToken = authenticateByToken(access.tokens, roles);
  return (credential) => (credential === undefined ? undefined : byToken(credential));
}

export const rolesOf = (access: AccessConfig): Roles =>
  new Roles(access.kind === 'open' ? { roles: new Map() } : access);

const OTHER_SCHEME = /^(?!bearer\b)[a-z-]+ +\S/i;

/**
 * The credential in an `Authorization` header; undefined for none, or for another scheme. A header
 * that is no `Bearer` with one word holds a wrong credential, `''`.
 */
export function bearerCredential(authorization: string | undefined): string | undefined {
  if (authorization === undefined || OTHER_SCHEME.test(authorization)) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

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

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
