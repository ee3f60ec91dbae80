const EVENT = `
  id cursor occurredAt replayed delivery personType device { id name lastEventAt } box { id link { lastEventAt } backfill { recovered } } site { id }
  identityId identityName groupName identityInfo extra
  faceImage { url base64 } sceneImage { url base64 } registeredImage { url base64 }
  gapsBefore { reason boxId count }`;

/** Every root field of a query but those that find or count single events. */
export const QUERY = `{
  sites { id name boxes { id } devices { id } }
  boxes { id name link { state lastEventAt } devices { id } backfill { recovered } }
  devices { id name lastEventAt }
  oneBox: box(id: "hq-lobby") { id devices { id } }
  otherBox: box(id: "lab-door") { id devices { id } }
  oneDevice: device(id: "lab-door/cam") { id name }
  otherDevice: device(id: "hq-lobby/gate") { id name }
  cursor
  recognitionEvents(first: 200) { totalCount edges { node { ${EVENT} } } }
}`;

export const VIEWER = `{
  viewer { name mayAnswer mayErase mayExport sites { site { id } fields history { fields } } }
}`;

export const COUNTS = `{
  site: node(id: "lab") { id }
  box: node(id: "lab-door") { id }
  device: node(id: "lab-door/cam") { id ... on Device { name } }
  byDevice: eventCounts(by: DEVICE) { count device { id name } }
  byType: eventCounts(by: PERSON_TYPE) { count personType }
  byDay: eventCounts(by: DAY) { count }
}`;

export const ALARM = `id state personType device { id name } box { id } site { id } identityId identityName
  lastEvent { ${EVENT} } events { edges { node { ${EVENT} } } }`;

export const ALARMS = `{ alarms(first: 100) { edges { node { ${ALARM} } } } }`;

export const FOLLOW = `subscription { alarms { ${ALARM} } }`;

export const peopleQuery = (after: string) => `{
  people(first: 100${after && `, after: "${after}"`}) {
    edges { node {
      identityId identityName groupName eventCount
      lastEvent { ${EVENT} } events { edges { node { ${EVENT} } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const live = (after = '') =>
  `subscription { recognitionEvents(withImages: true${after && `, after: "${after}"`}) { ${EVENT} } }`;

export interface SeenAlarm {
  readonly id: string;
  readonly identityId: string | null;
  readonly identityName: string | null;
  readonly lastEvent: { readonly identityId: string | null } | null;
  readonly events: { readonly edges: readonly unknown[] };
}

export interface SeenPerson {
  readonly identityId: string;
  readonly eventCount: number;
  readonly lastEvent: Seen;
  readonly events: { readonly edges: readonly { readonly node: Seen }[] };
}

export interface Seen {
  readonly id: string;
  readonly personType: string;
  readonly identityId: string | null;
  readonly faceImage: object | null;
  readonly sceneImage: object | null;
  readonly registeredImage: object | null;
}
