import { canonicalJson } from '../canonical-json.ts';
import type { AccessConfig, TokenConfig } from '../config/access.ts';
import { Roles } from './roles.ts';

/** What a change of the configuration takes away. */
export interface Loss {
  /** Of the classes with these keys. */
  readonly classes: ReadonlySet<string>;
  /** Of any class: which ones the holders of JSON Web Tokens have is not known. */
  readonly ofAny: boolean;
}

/** What viewers have lost by the newer configuration. */
export function lossBetween(older: AccessConfig, newer: AccessConfig): Loss {
  if (older.kind === 'open') return { classes: new Set(), ofAny: newer.kind !== 'open' };
  if (newer.kind === 'open') return { classes: new Set(), ofAny: true };
  const roles = new Roles(older);
  const lost = older.tokens.filter(
    (token) =>
      !newer.tokens.some(
        (each) =>
          isKept(withoutExpiry(token), withoutExpiry(each)) && expiryOf(each) >= expiryOf(token),
      ),
  );
  return {
    classes: new Set(lost.map((token) => roles.allowing(token.roles).permissionClass.key)),
    ofAny:
      [...older.roles].some(([name, role]) => !isKept(role, newer.roles.get(name))) ||
      older.issuers.some((issuer) => !newer.issuers.some((each) => isKept(issuer, each))),
  };
}

/** The keys of the classes that the tokens with these names have. */
export function classesOfTokens(
  access: AccessConfig,
  names: ReadonlySet<string>,
): ReadonlySet<string> {
  if (access.kind === 'open') return new Set();
  const roles = new Roles(access);
  const held = access.tokens.filter(({ name }) => names.has(name));
  return new Set(held.map((token) => roles.allowing(token.roles).permissionClass.key));
}

const expiryOf = ({ expiresAt = Number.POSITIVE_INFINITY }: TokenConfig): number => expiresAt;

const withoutExpiry = ({ expiresAt: _, ...token }: TokenConfig) => token;

const isKept = (older: unknown, newer: unknown): boolean =>
  newer !== undefined && canonicalJson(older) === canonicalJson(newer);
