import {
  type AccessConfig,
  type CredentialAccess,
  EVERYTHING,
  type IssuerConfig,
} from '../config/access.ts';
import type { Authentication, CredentialHolder } from './authentication.ts';
import { DenyList, type DenyListOptions, isDenied } from './deny-list.ts';
import { claimedIssuer, Issuer, type IssuerOptions, type TokenClaims, voucherOf } from './jwt.ts';
import { PermissionClass } from './permission-class.ts';
import { OPEN_VIEWER, Roles, UNLIMITED } from './roles.ts';
import { authenticateByToken } from './token.ts';
import { haveEqualRights, type Viewer } from './viewer.ts';

/** What has become of a viewer under the configuration in force. */
export type Standing = 'unchanged' | 'missing' | 'revoked' | 'changed';

export interface PolicyOptions extends IssuerOptions {
  /** Told when the entries of the deny list change. */
  readonly denyListChanged: DenyListOptions['changed'];
  /** What is denied beside the entries of the deny list. */
  readonly deniedElsewhere: () => ReadonlySet<string>;
  readonly denyListRead: DenyListOptions['read'];
  /** Told of the roles of a viewer that the configuration has none of. */
  readonly unknownRoles: (roles: readonly string[]) => void;
}

/** What the section `access` of a configuration comes to: who is who, and what has become of them. */
export interface Policy extends Disposable {
  readonly access: AccessConfig;
  readonly authenticate: (
    credential: string | undefined,
  ) => Authentication | Promise<Authentication>;
  /** Of a viewer that this or an earlier policy has let in. */
  readonly standingOf: (viewer: Viewer) => Standing;
  /** Whether somebody can have the class with this key. */
  readonly isCurrent: (classKey: string) => boolean;
  readonly denyList: DenyList | undefined;
  /** Closes all but what the other one has too. */
  disposeBut(other: Policy | undefined): void;
}

/**
 * @param before is in force until this one is: what both have is opened once.
 * @throws {ConfigError} when the deny list is there and can't be read.
 */
export const openPolicy = async (
  access: AccessConfig,
  options: PolicyOptions,
  before?: Policy,
): Promise<Policy> =>
  access.kind === 'open' ? new OpenPolicy(access) : CredentialPolicy.open(access, options, before);

/** Everybody is let in. */
class OpenPolicy implements Policy {
  readonly access: AccessConfig;
  readonly denyList = undefined;

  constructor(access: AccessConfig) {
    this.access = access;
  }

  readonly authenticate = (): Authentication => ({ kind: 'viewer', viewer: OPEN_VIEWER });

  readonly standingOf = ({ kind }: Viewer): Standing => (kind === 'open' ? 'unchanged' : 'changed');

  readonly isCurrent = (classKey: string): boolean => classKey === UNLIMITED.key;

  [Symbol.dispose](): void {}

  disposeBut(): void {}
}

class CredentialPolicy implements Policy {
  readonly access: AccessConfig & CredentialAccess;
  readonly denyList: DenyList | undefined;
  readonly #roles: Roles;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #isEverythingHeld: boolean;
  readonly #byToken: (credential: string) => Authentication | undefined;
  readonly #deniedElsewhere: () => ReadonlySet<string>;

  private constructor(
    access: AccessConfig & CredentialAccess,
    issuers: readonly Issuer[],
    denyList: DenyList | undefined,
    { unknownRoles, now, deniedElsewhere }: PolicyOptions,
  ) {
    this.access = access;
    this.denyList = denyList;
    this.#deniedElsewhere = deniedElsewhere;
    this.#roles = new Roles({ roles: access.roles, unknownRoles });
    this.#isEverythingHeld = holdsEverything(access);
    this.#issuers = new Map(issuers.map((issuer) => [issuer.name, issuer]));
    this.#byToken = authenticateByToken(access.tokens, this.#roles, now);
  }

  static async open(
    access: AccessConfig & CredentialAccess,
    options: PolicyOptions,
    before?: Policy,
  ): Promise<CredentialPolicy> {
    const { deny } = access;
    const earlier = before instanceof CredentialPolicy ? before : undefined;
    const { denyListChanged: changed, denyListRead: read, pollMs } = options;
    const issuers = access.issuers.map(
      async (issuer) => earlier?.issuerOf(issuer) ?? (await Issuer.open(issuer, options)),
    );
    const isSameList = deny !== undefined && deny === earlier?.access.deny;
    const denyList = isSameList
      ? earlier.denyList
      : deny === undefined
        ? undefined
        : await DenyList.open(deny, { changed, read, pollMs });
    return new CredentialPolicy(access, await Promise.all(issuers), denyList, options);
  }

  readonly authenticate = (
    credential: string | undefined,
  ): Authentication | Promise<Authentication> => {
    if (credential === undefined) return { kind: 'refused', credential: 'missing' };
    const byToken = this.#byToken(credential);
    if (byToken) return this.#unlessDenied(byToken);
    const name = this.#issuers.size === 0 ? undefined : claimedIssuer(credential);
    const issuer = name === undefined ? undefined : this.#issuers.get(name);
    return issuer ? this.#verified(issuer, credential) : { kind: 'refused', credential: 'wrong' };
  };

  readonly standingOf = (viewer: Viewer): Standing => {
    if (viewer.kind === 'open') return 'missing';
    if (this.#denies(viewer)) return 'revoked';
    const roles = this.#rolesOf(viewer);
    if (roles === 'revoked' || roles === 'changed') return roles;
    return haveEqualRights(viewer, this.#roles.allowing(roles)) ? 'unchanged' : 'changed';
  };

  readonly isCurrent = (classKey: string): boolean =>
    this.#roles.classOf(classKey) !== undefined &&
    (classKey !== UNLIMITED.key || this.#isEverythingHeld);

  /** The issuer by this very configuration, with the keys that it has. */
  issuerOf(config: IssuerConfig): Issuer | undefined {
    const issuer = this.#issuers.get(config.issuer);
    return issuer?.voucher === voucherOf(config) ? issuer : undefined;
  }

  [Symbol.dispose](): void {
    this.disposeBut(undefined);
  }

  disposeBut(other: Policy | undefined): void {
    const kept = other instanceof CredentialPolicy ? other : undefined;
    if (this.denyList !== kept?.denyList) this.denyList?.[Symbol.dispose]();
    for (const [name, issuer] of this.#issuers) {
      if (!kept || kept.#issuers.get(name) !== issuer) issuer[Symbol.dispose]();
    }
  }

  /** A token has those of the configuration. Who a JSON Web Token is of is not asked anew. */
  #rolesOf({
    name,
    issuer,
    roles,
    vouchedBy,
    expiresAt,
  }: Viewer): readonly string[] | 'revoked' | 'changed' {
    if (issuer === undefined) {
      const token = this.access.tokens.find((each) => each.name === name);
      if (token?.sha256 !== vouchedBy || !token) return 'revoked';
      return token.expiresAt === expiresAt ? token.roles : 'changed';
    }
    const known = this.#issuers.get(issuer);
    if (!known) return 'revoked';
    return known.voucher === vouchedBy ? roles : 'changed';
  }

  async #verified(issuer: Issuer, token: string): Promise<Authentication> {
    const verification = await issuer.verify(token);
    switch (verification.kind) {
      case 'right':
        return this.#unlessDenied({
          kind: 'viewer',
          viewer: this.#viewerOf(issuer, verification.claims),
        });
      case 'wrong':
        return { kind: 'refused', credential: 'wrong' };
      case 'expired': {
        const holder = holderOf(issuer, verification.claims);
        return { kind: 'refused', credential: 'expired', holder };
      }
      case 'unavailable':
        return { kind: 'issuer unavailable', retryAfterS: verification.retryAfterS };
    }
  }

  #viewerOf(issuer: Issuer, claims: TokenClaims): Viewer {
    return {
      kind: 'credential',
      ...holderOf(issuer, claims),
      vouchedBy: issuer.voucher,
      expiresAt: claims.expiresAt,
      ...this.#roles.allowing(claims.roles),
    };
  }

  #denies(viewer: Viewer): boolean {
    const here = this.denyList?.entries ?? NONE;
    return isDenied(viewer, here) || isDenied(viewer, this.#deniedElsewhere());
  }

  #unlessDenied(authentication: Authentication): Authentication {
    if (authentication.kind !== 'viewer' || !this.#denies(authentication.viewer)) {
      return authentication;
    }
    const { name, roles, subject, tokenId, issuer } = authentication.viewer;
    const holder = { name, roles, subject, tokenId, issuer };
    return { kind: 'refused', credential: 'revoked', holder };
  }
}

const NONE: ReadonlySet<string> = new Set();

const holderOf = (
  { name }: Issuer,
  { subject, tokenId, roles }: TokenClaims,
): CredentialHolder => ({ name: subject, subject, tokenId, issuer: name, roles });

/** By a token for everything, or a role that leaves nothing out. Several add up to it only so. */
const holdsEverything = ({ tokens, roles }: CredentialAccess): boolean =>
  tokens.some((token) => token.roles.includes(EVERYTHING)) ||
  [...roles.values()].some((role) => new PermissionClass([role]).isUnlimited);
