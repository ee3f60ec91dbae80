import type { SimulatedBox } from './simulated-box.ts';

/**
 * The sites of a gateway's configuration.
 *
 * @param gateway reaches the boxes through the networks that have its number. Default 0.
 */
export const sitesOf = (boxes: readonly SimulatedBox[], gateway = 0) =>
  [...Map.groupBy(boxes, ({ kind }) => kind.siteId)].map(([id, members]) => ({
    id,
    boxes: members.map((box) => {
      const { events, api } = box.network(gateway);
      return {
        id: box.kind.boxId,
        host: '127.0.0.1',
        eventPort: events.port,
        apiPort: api.port,
        // A link that turns SILENT, or LIVE again, has a new `since`: no longer the end of an outage.
        silentAfter: '1d',
      };
    }),
  }));
