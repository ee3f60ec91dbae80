import type { Interest, KnownBox } from '../clients/interest.ts';
import type { BoxKind } from '../world/simulated-box.ts';

const SITE = 'honest';

/** Boxes that do what they are meant to do. */
export const honestKinds = (seed: number): readonly BoxKind[] =>
  ['gate', 'lobby', 'garage'].map((boxId, index) => ({
    siteId: SITE,
    boxId,
    options: { seed: seed + index },
    hasMemory: true,
  }));

/** All that the honest boxes say. */
export const EVERYTHING_HONEST: Interest = {
  title: 'the honest site',
  wish: { filter: { siteIds: [SITE] } },
  wants: () => true,
  reaches: () => true,
};

/** What an honest client asks of a box: all of it, one device, one with pictures. */
const ofBox = ({ boxId, deviceIds: [first = '', second = ''] }: KnownBox): readonly Interest[] => {
  const reaches = (id: string) => id === boxId;
  const device = (deviceId: string, wish: Interest['wish']): Interest => ({
    title: `one device of ${boxId}`,
    wish: { deviceIds: [`${boxId}/${deviceId}`], ...wish },
    wants: (event) => event.boxId === boxId && event.deviceId === deviceId,
    reaches,
  });
  return [
    {
      title: `all of ${boxId}`,
      wish: { filter: { boxIds: [boxId] } },
      wants: (event) => event.boxId === boxId,
      reaches,
    },
    device(first, {}),
    device(second, { withImages: true, withBase64: true }),
  ];
};

/** The interests of the honest clients: an even number of each, so that both transports have each. */
export const honestInterests = (boxes: readonly KnownBox[]): readonly Interest[] =>
  [EVERYTHING_HONEST, ...boxes.flatMap(ofBox)].flatMap((interest) => [interest, interest]);
