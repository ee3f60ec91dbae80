import type { AlarmView } from '../../fanout/alarm-view.ts';
import type { Delivery } from '../../fanout/delivery.ts';
import type { BoxEntry, DeviceEntry, Site } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';

export type NodeShape = Site | BoxEntry | DeviceEntry | Delivery | AlarmView;

export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description:
    'An object with an id, by which `node` returns it while the gateway has it and the viewer may refetch it. ' +
    'No two objects share an id, whatever their types.',
  fields: (t) => ({ id: t.id({ description: 'The id of the object.' }) }),
  resolveType: (node) => {
    if ('alarm' in node) return 'Alarm';
    if ('event' in node) return 'RecognitionEvent';
    if ('deviceId' in node) return 'Device';
    return 'siteId' in node ? 'Box' : 'Site';
  },
});
