/** Everything of an event that can be long. */
export const LONG_PAGE = `{ recognitionEvents(last: 500) { edges { cursor node {
  id cursor occurredAt receivedAt identityId identityName groupName identityInfo extra
  device { id name } box { id name } site { id name }
} } } }`;

export const OLDEST = '{ recognitionEvents(first: 1) { edges { cursor } } }';

export const LIST =
  '{ devices { id name kind ip site { name } box { name link { state lastError } } } }';

/** Lists in lists, so many levels deep: an even number for a device, an odd one for a site. */
const nested = (levels: number, inner = 'id'): string =>
  levels === 0
    ? inner
    : `${levels % 2 === 0 ? 'site' : 'devices'} { ${nested(levels - 1, inner)} }`;

export const nestedQuery = (levels: number): string => `{ devices { ${nested(levels)} } }`;

export const nestedSubscription = (levels: number): string =>
  `subscription { recognitionEvents { id site { ${nested(levels + 1)} } } }`;

/** So many counts of different ranges, none of which can be taken for another. */
export const counts = (fields: number, seed: number): string =>
  `{ ${Array.from(
    { length: fields },
    (_, field) =>
      `c${field}: recognitionEvents(first: 0, filter: { identityIds: ["nobody-${seed}-${field}"] }) { totalCount }`,
  ).join(' ')} }`;

export const SUBSCRIBE_DEVICES =
  'subscription ($deviceIds: [ID!]) { recognitionEvents(deviceIds: $deviceIds) { id } }';

export const SUBSCRIBE = 'subscription { recognitionEvents { id } }';

export const SUBSCRIBE_AFTER = `subscription ($after: String) { recognitionEvents(after: $after) {
  id cursor identityInfo extra device { id name } box { id name } site { id name }
} }`;

export const FILTERED =
  'query ($filter: RecognitionEventFilter) { recognitionEvents(first: 1, filter: $filter) { edges { cursor } } }';
