import type { ScopedGrant } from '../access/permission-class.ts';
import { FIELD_GROUPS, type FieldGroup } from '../config/access.ts';
import type { Site } from '../fleet/directory.ts';
import type { GraphQLContext } from './context.ts';
import { sitesWithin } from './permitted-directory.ts';

/** What a viewer may see of the events at one site. */
export interface SiteAccessShape {
  readonly site: Site;
  /** As they happen. */
  readonly fields: readonly FieldGroup[];
  /** Undefined: nothing of what has been. */
  readonly history: HistoryAccessShape | undefined;
}

export interface HistoryAccessShape {
  /** The least `receivedAt`, in ms since the Unix epoch; undefined: all that is kept. */
  readonly since: number | undefined;
  readonly fields: readonly FieldGroup[];
}

/** What the viewer may see at each of its sites: what one of its grants lets see of some events there. */
export function siteAccesses({
  directory,
  permissionClass,
  now,
}: Pick<GraphQLContext, 'directory' | 'permissionClass' | 'now'>): SiteAccessShape[] {
  const grants = permissionClass.grants
    .filter(({ scope }) => scope.personTypes?.length !== 0)
    .map((grant) => ({ grant, sites: new Set(sitesWithin(directory, grant.scope)) }));
  return directory.sites.map((site) => {
    const here = grants.filter(({ sites }) => sites.has(site)).map(({ grant }) => grant);
    return { site, fields: fieldsOf(here), history: historyOf(here, now()) };
  });
}

function historyOf(grants: readonly ScopedGrant[], now: number): HistoryAccessShape | undefined {
  const past = grants.filter(({ historyMs }) => historyMs > 0);
  if (past.length === 0) return undefined;
  const longest = Math.max(...past.map(({ historyMs }) => historyMs));
  return { since: longest === Infinity ? undefined : now - longest, fields: fieldsOf(past) };
}

const fieldsOf = (grants: readonly ScopedGrant[]): readonly FieldGroup[] =>
  FIELD_GROUPS.filter((field) => grants.some(({ fields }) => fields.includes(field)));
