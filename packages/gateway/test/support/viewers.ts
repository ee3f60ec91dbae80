import { OPEN_VIEWER, Roles } from '../../src/access/roles.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import type { RoleConfig } from '../../src/config/access.ts';
import { FULL_ROLE } from './access.ts';

/** A viewer with one role, which sees all of every event unless it is said otherwise. */
export const viewerWith = (role: Partial<RoleConfig>): Viewer => ({
  ...OPEN_VIEWER,
  ...new Roles({ roles: new Map([['role', { ...FULL_ROLE, ...role }]]) }).allowing(['role']),
});
