import { createHash } from 'node:crypto';
import type { CredentialHolder } from '../access/authentication.ts';
import type { EventFilter } from '../journal/filter.ts';

/*
 * What a line of the audit may hold of what a client sends. Lines are short: texts are cut, and of a
 * long list only its length is written.
 */

const MAX_TEXT = 128;
const MAX_ITEMS = 20;
const MAX_LIST_TEXT = 1_000;

const cut = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;

/** The list itself; its length when it is long. */
export function listOrCount(
  list: readonly string[] | undefined,
): readonly string[] | number | undefined {
  if (list === undefined) return undefined;
  const items = list.slice(0, MAX_ITEMS).map(cut);
  const isShort = list.length <= MAX_ITEMS && items.join('').length <= MAX_LIST_TEXT;
  return isShort ? items : list.length;
}

export const describeViewer = ({ name, subject, tokenId, issuer, roles }: CredentialHolder) => ({
  name: cut(name),
  sub: subject === undefined ? undefined : cut(subject),
  jti: tokenId === undefined ? undefined : cut(tokenId),
  iss: issuer === undefined ? undefined : cut(issuer),
  roles: listOrCount(roles),
});

/**
 * A filter without the persons that it names. Their ids and groups are counted, not hashed: a hash
 * of an id is as good as the id to whoever has the key and a list of ids, it would outlive the
 * erasure of its person, and the audit is kept longer than the events.
 */
export const describeFilter = ({
  siteIds,
  boxIds,
  deviceIds,
  personTypes,
  identityIds,
  groupNames,
  minSimilarity,
  from,
  to,
}: EventFilter) => ({
  siteIds: listOrCount(siteIds),
  boxIds: listOrCount(boxIds),
  deviceIds: listOrCount(deviceIds),
  personTypes: listOrCount(personTypes),
  identityIds: identityIds?.length,
  groupNames: groupNames?.length,
  minScore: minSimilarity,
  from: timeOf(from),
  to: timeOf(to),
});

/** Of a text: SHA-256 in hex. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 3339; undefined for a time that has none. */
function timeOf(ms: number | undefined): string | undefined {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
