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
  /**
   * Digest of the token, or of the configuration of its issuer: another one means that the
   * credential has to be shown again. Not for logs. Undefined for `open`.
   */
  readonly vouchedBy?: string | undefined;
}

/** What it may do beside seeing. */
export interface Rights {
  readonly erase: boolean;
  readonly metrics: boolean;
  /** Alarms: acknowledge them, close them, add notes. */
  readonly answer: boolean;
  /** The history as a file. */
  readonly export: boolean;
  /** Operations that are not trusted documents. */
  readonly anyOperation: boolean;
}

/** Whether what one was sent may be sent to the other too. */
export const haveEqualRights = (
  one: Pick<Viewer, 'permissionClass' | 'rights'>,
  other: Pick<Viewer, 'permissionClass' | 'rights'>,
): boolean =>
  one.permissionClass.key === other.permissionClass.key &&
  one.rights.erase === other.rights.erase &&
  one.rights.metrics === other.rights.metrics &&
  one.rights.answer === other.rights.answer &&
  one.rights.export === other.rights.export &&
  one.rights.anyOperation === other.rights.anyOperation;

/** Whether a newer credential may take the place of an older one on an open connection. */
export const canRenew = (older: Viewer, newer: Viewer): boolean =>
  older.name === newer.name && older.issuer === newer.issuer && haveEqualRights(older, newer);
