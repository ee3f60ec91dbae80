import type { PersonType } from '@se5/core';

/** Who may see what, and what is written down of it. */
export type AccessConfig = (OpenAccess | CredentialAccess) & {
  /** The file of trusted documents; undefined: none are known. */
  readonly documents?: string | undefined;
  readonly audit?: AuditConfig | undefined;
};

/** No credential: only loopback may be listened on, or the user has said `insecure: true`. */
export interface OpenAccess {
  readonly kind: 'open';
}

export interface CredentialAccess {
  readonly kind: 'credentials';
  readonly tokens: readonly TokenConfig[];
  readonly issuers: readonly IssuerConfig[];
  readonly roles: ReadonlyMap<string, RoleConfig>;
  /** The file of what is not let in any more; undefined: none. */
  readonly deny?: string | undefined;
}

/** A credential that is compared with what a client sends. */
export interface TokenConfig {
  /** For people, logs and the deny list. */
  readonly name: string;
  /** Of the token, in lower-case hex. */
  readonly sha256: string;
  /** `EVERYTHING` beside or instead of names: all that there is, as for `access.token`. */
  readonly roles: readonly string[];
  /** ms since the Unix epoch. Undefined: never. */
  readonly expiresAt?: number | undefined;
}

/** No role of the configuration can have this name. */
export const EVERYTHING = '*';

/** Whose JSON Web Tokens are taken. */
export interface IssuerConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: IssuerKeys;
  /** What a token may be signed with; never `none`. */
  readonly algorithms: readonly string[];
  /** The claim that names roles: the names of nested members, outermost first. */
  readonly rolesClaim: readonly string[];
  /** By how much the clocks may differ, in ms. */
  readonly leewayMs: number;
}

export type IssuerKeys =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'secret'; readonly secret: string };

/** What of an event is shown or not: `identity` is id, name, group, `identityInfo` and `extra`. */
export const FIELD_GROUPS = ['identity', 'face', 'scene', 'registered'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

/** A list that is undefined means any, an empty one none. */
export interface RoleConfig {
  readonly siteIds?: readonly string[] | undefined;
  readonly boxIds?: readonly string[] | undefined;
  /** As in an `EventFilter`. */
  readonly deviceIds?: readonly string[] | undefined;
  readonly personTypes?: readonly PersonType[] | undefined;
  readonly fields: readonly FieldGroup[];
  /** How far back what has been may be seen, in ms. 0: not at all; Infinity: all that is kept. */
  readonly historyMs: number;
  readonly mayErase: boolean;
  readonly mayReadMetrics: boolean;
  /** May acknowledge and close alarms, and add notes. */
  readonly mayAnswer: boolean;
  readonly mayExport: boolean;
  /** `trusted`: only documents that `documents` lists. */
  readonly operations: 'all' | 'trusted';
}

export interface AuditConfig {
  /** A folder of daily files, or `STDOUT`. */
  readonly path: string;
  readonly keepMs: number;
}

export const STDOUT = 'stdout';
