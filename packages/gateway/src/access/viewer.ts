import type { PermissionClass } from './permission-class.ts';

/** Who asks: what a credential comes to. */
export interface Viewer {
  /** `open`: nobody needs a credential. */
  readonly kind: 'credential' | 'open';
  /** For logs and the audit: the name of the token, or the `sub` of a JWT. */
  readonly name: string;
  /** As the configuration names them; unknown ones too. */
  readonly roles: readonly string[];
  /** What it may see. */
  readonly permissionClass: PermissionClass;
  readonly rights: Rights;
  /** When the credential is no longer taken, in ms since the Unix epoch. Undefined: never. */
  readonly expiresAt?: number | undefined;
  /** Of a JWT. */
  readonly subject?: string | undefined;
  /** The `jti` of a JWT. */
  readonly tokenId?: string | undefined;
  readonly issuer?: string | undefined;
}

/** What it may do beside seeing. */
export interface Rights {
  readonly erase: boolean;
  readonly metrics: boolean;
  /** Operations that are not trusted documents. */
  readonly anyOperation: boolean;
}
