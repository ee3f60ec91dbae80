import {
  AccessControl,
  type AccessControlOptions,
  type AccessObserver,
} from '../../src/access/access-control.ts';
import type {
  AccessConfig,
  CredentialAccess,
  RoleConfig,
  TokenConfig,
} from '../../src/config/access.ts';
import { everythingToken } from '../../src/config/access-schema.ts';

/** What a role has that is not told otherwise: all of every event, and nothing else. */
export const FULL_ROLE: RoleConfig = {
  fields: ['identity', 'face', 'scene', 'registered'],
  historyMs: Infinity,
  mayErase: false,
  mayReadMetrics: false,
  mayAnswer: false,
  mayExport: false,
  operations: 'all',
};

/** As `access.token` of a configuration. */
export const tokenAccess = (token: string): AccessConfig =>
  credentialAccess([everythingToken(token)]);

export const credentialAccess = (
  tokens: readonly TokenConfig[],
  roles: Readonly<Record<string, RoleConfig>> = {},
): CredentialAccess => ({
  kind: 'credentials',
  tokens,
  issuers: [],
  roles: new Map(Object.entries(roles)),
});

/** An access control, and all that its observer was told. */
export interface OpenedAccess extends Disposable {
  readonly control: AccessControl;
  readonly told: readonly (readonly [keyof AccessObserver, ...unknown[]])[];
}

/** Wrong tokens are answered after 1 ms, in a minute that does not end. */
export async function openAccess(
  access: AccessConfig,
  options: Partial<AccessControlOptions> = {},
): Promise<OpenedAccess> {
  const told: (readonly [keyof AccessObserver, ...unknown[]])[] = [];
  const teller =
    (name: keyof AccessObserver) =>
    (...args: readonly unknown[]): void => {
      told.push([name, ...args]);
    };
  const control = await AccessControl.open(access, {
    wrongTokensPerMinute: 10,
    delayMs: 1,
    elapsed: () => 0,
    observer: {
      wrongToken: teller('wrongToken'),
      issuerUnavailable: teller('issuerUnavailable'),
      tokenRefused: teller('tokenRefused'),
      unknownRoles: teller('unknownRoles'),
      denyListRead: teller('denyListRead'),
      ended: teller('ended'),
    },
    ...options,
  });
  return { control, told, [Symbol.dispose]: () => control[Symbol.dispose]() };
}
