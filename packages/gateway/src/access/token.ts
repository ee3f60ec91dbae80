import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenConfig } from '../config/access.ts';
import type { Authentication } from './authentication.ts';
import type { Roles } from './roles.ts';

/**
 * By the tokens of the configuration. Digests are compared, so that neither the time nor the
 * length tells how near a guess was.
 *
 * @param now in ms since the Unix epoch.
 * @returns what finds the holder of a credential; undefined when it is none of these tokens.
 */
export function authenticateByToken(
  tokens: readonly TokenConfig[],
  roles: Roles,
  now: () => number = Date.now,
): (credential: string) => Authentication | undefined {
  const known = tokens.map((token) => ({ token, digest: Buffer.from(token.sha256, 'hex') }));
  return (credential) => {
    const sent = digest(credential);
    const found = known.find((each) => timingSafeEqual(each.digest, sent))?.token;
    if (!found) return undefined;
    const { name, expiresAt, sha256 } = found;
    if (expiresAt !== undefined && expiresAt <= now()) {
      const holder = { name, roles: found.roles };
      return { kind: 'refused', credential: 'expired', holder };
    }
    const viewer = {
      kind: 'credential',
      name,
      roles: found.roles,
      expiresAt,
      vouchedBy: sha256,
      ...roles.allowing(found.roles),
    } as const;
    return { kind: 'viewer', viewer };
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
