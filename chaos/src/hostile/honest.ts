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

/**
 * What an honest client asks of a box: all of it, and one device. With pictures from one box alone:
 * the honest boxes and clients share a process, which must not be late itself.
 */
const ofBox = (
  { boxId, deviceIds: [deviceId = ''] }: KnownBox,
  index: number,
): readonly Interest[] => {
  const reaches = (id: string) => id === boxId;
  const withPictures = index === 0;
  return [
    {
      title: `all of ${boxId}`,
      wish: { filter: { boxIds: [boxId] } },
      wants: (event) => event.boxId === boxId,
      reaches,
    },
    {
      title: `one device of ${boxId}${withPictures ? ' with pictures' : ''}`,
      wish: {
        deviceIds: [`${boxId}/${deviceId}`],
        ...(withPictures && { withImages: true, withBase64: true }),
      },
      wants: (event) => event.boxId === boxId && event.deviceId === deviceId,
      reaches,
    },
  ];
};

/** The interests of the honest clients: an even number of each, so that both transports have each. */
export const honestInterests = (boxes: readonly KnownBox[]): readonly Interest[] =>
  [EVERYTHING_HONEST, ...boxes.flatMap(ofBox)].flatMap((interest) => [interest, interest]);
