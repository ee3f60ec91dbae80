import type { Delivery } from '../../fanout/delivery.ts';
import type { BoxEntry, DeviceEntry, Site } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';

export type NodeShape = Site | BoxEntry | DeviceEntry | Delivery;

export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description:
    'An object that `node` finds again by its id. No two objects share an id, whatever their types.',
  fields: (t) => ({ id: t.id({ description: 'The id of the object.' }) }),
  resolveType: (node) => {
    if ('event' in node) return 'RecognitionEvent';
    if ('deviceId' in node) return 'Device';
    return 'siteId' in node ? 'Box' : 'Site';
  },
});
