import type { SentEvent } from '../world/sent-event.ts';

/** What a client asks for, as the variables of its subscription. */
export interface Wish {
  readonly deviceIds?: readonly string[];
  readonly withImages?: boolean;
  readonly withBase64?: boolean;
  readonly filter?: {
    readonly siteIds?: readonly string[];
    readonly boxIds?: readonly string[];
    readonly personTypes?: readonly ('EMPLOYEE' | 'VISITOR' | 'BLACKLIST' | 'STRANGER' | 'VIP')[];
    readonly minSimilarity?: number;
  };
}

/** A wish in words, and what it means: judged here without the gateway's code. */
export interface Interest {
  readonly title: string;
  readonly wish: Wish;
  readonly wants: (event: SentEvent) => boolean;
  /** Whether events of the box can be meant. */
  readonly reaches: (boxId: string) => boolean;
}

/** A box as far as clients know it. */
export interface KnownBox {
  readonly siteId: string;
  readonly boxId: string;
  readonly deviceIds: readonly string[];
}

const STRANGER = 4;
const VIP = 5;
const MIN_SCORE = 0.9;

/** The interests of so many clients: each kind as often as the others, on one box after another. */
export const interestsOf = (boxes: readonly KnownBox[], clients: number): readonly Interest[] =>
  Array.from({ length: clients }, (_, client) => {
    const [box, other] = [boxAt(boxes, client), boxAt(boxes, client + 1)];
    const make = KINDS[client % KINDS.length];
    if (!make) throw new RangeError('there are no kinds of clients');
    return make(box, other, boxes);
  });

function boxAt(boxes: readonly KnownBox[], index: number): KnownBox {
  const box = boxes[index % boxes.length];
  if (!box) throw new RangeError('there are no boxes');
  return box;
}

type MakeInterest = (box: KnownBox, other: KnownBox, all: readonly KnownBox[]) => Interest;

const anywhere = () => true;

/** Seven: so that with five boxes each kind meets each box. */
const KINDS: readonly MakeInterest[] = [
  () => ({ title: 'everything', wish: {}, wants: anywhere, reaches: anywhere }),
  ({ boxId }) => {
    const reaches = (id: string) => id === boxId;
    return {
      title: `all of ${boxId}`,
      wish: { filter: { boxIds: [boxId] } },
      wants: (event) => reaches(event.boxId),
      reaches,
    };
  },
  ({ boxId, deviceIds: [first] }) => ({
    title: `one device of ${boxId}`,
    wish: { deviceIds: [`${boxId}/${first}`] },
    wants: (event) => event.boxId === boxId && event.deviceId === first,
    reaches: (id) => id === boxId,
  }),
  (one, other) => {
    const ids = new Set([...one.deviceIds.slice(1, 3), ...other.deviceIds.slice(0, 2)]);
    return {
      title: `four devices of ${one.boxId} and ${other.boxId}`,
      wish: { deviceIds: [...ids] },
      wants: ({ deviceId }) => ids.has(deviceId),
      reaches: (id) => id === one.boxId || id === other.boxId,
    };
  },
  ({ siteId }, _, all) => ({
    title: `VIPs and strangers of ${siteId}`,
    wish: { filter: { siteIds: [siteId], personTypes: ['VIP', 'STRANGER'] } },
    wants: (event) =>
      event.siteId === siteId && (event.personType === VIP || event.personType === STRANGER),
    reaches: (id) => all.some((box) => box.boxId === id && box.siteId === siteId),
  }),
  () => ({
    title: 'who is very like',
    wish: { filter: { minSimilarity: MIN_SCORE } },
    wants: ({ score }) => score >= MIN_SCORE,
    reaches: anywhere,
  }),
  ({ boxId, deviceIds: [, second] }) => ({
    title: `one device of ${boxId} with pictures`,
    wish: { deviceIds: [`${boxId}/${second}`], withImages: true, withBase64: true },
    wants: (event) => event.boxId === boxId && event.deviceId === second,
    reaches: (id) => id === boxId,
  }),
];
