import type { Interest } from '../clients/interest.ts';
import type { SentEvent } from '../world/sent-event.ts';

/** Rights in the words of the configuration, and what they mean: judged here without the gateway's code. */
export interface Role {
  readonly name: string;
  readonly rights: object;
  readonly sees: (event: SentEvent) => boolean;
  /** Whether events of the box exist for it. @param siteId where the box is. */
  readonly reaches: (siteId: string) => boolean;
}

const EMPLOYEE = 1;
const STRANGER = 4;
const VIP = 5;

const SITE = 'north';

/** All rights. */
export const EVERYTHING: Role = {
  name: 'desk',
  rights: { fields: ['identity', 'face', 'scene', 'registered'], metrics: true },
  sees: () => true,
  reaches: () => true,
};

/** One site, some persons, no pictures. `identity` stays: an event's serial number is in `extra`. */
const GATEHOUSE: Role = {
  name: 'gatehouse',
  rights: { sites: [SITE], personTypes: ['EMPLOYEE', 'STRANGER', 'VIP'], fields: ['identity'] },
  sees: ({ siteId, personType }) =>
    siteId === SITE && [EMPLOYEE, STRANGER, VIP].includes(personType),
  reaches: (siteId) => siteId === SITE,
};

export const ROLES: readonly Role[] = [EVERYTHING, GATEHOUSE];

/** Of the client with this number: half of each transport's clients have each. */
export const roleOf = (client: number): Role =>
  Math.floor(client / ROLES.length) % ROLES.length === 0 ? EVERYTHING : GATEHOUSE;

/** What a client gets that wants this, and has that role. @param siteOf the site of each box. */
export const permitted = (
  interest: Interest,
  role: Role,
  siteOf: ReadonlyMap<string, string>,
): Interest => ({
  ...interest,
  title: `${interest.title}, as ${role.name}`,
  wants: (event) => role.sees(event) && interest.wants(event),
  reaches: (boxId) => role.reaches(siteOf.get(boxId) ?? '') && interest.reaches(boxId),
});
