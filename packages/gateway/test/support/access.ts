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
