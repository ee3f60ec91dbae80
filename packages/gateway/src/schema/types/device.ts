import {
  type DeviceEntry,
  type Directory,
  type GlobalDeviceId,
  globalDeviceId,
} from '../../fleet/directory.ts';
import type { Recognition } from '../../journal/recognition.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { loadOr, UnknownId } from '../loading.ts';
import { Box, boxOf } from './box.ts';
import { Node } from './node.ts';
import { Site, siteOf } from './site.ts';

export const Device = builder.loadableObjectRef<DeviceEntry, GlobalDeviceId>('Device', {
  load: async (ids, { directory }) =>
    ids.map((id) => findDevice(id, directory) ?? new UnknownId(`no device has the id ${id}`)),
});

/** The device of an event; with its ids alone when nobody knows it any more. */
export function deviceOf(
  { boxId, siteId, deviceId }: Pick<Recognition, 'boxId' | 'siteId' | 'deviceId'>,
  context: GraphQLContext,
): DeviceEntry | Promise<DeviceEntry> {
  const id = globalDeviceId(boxId, deviceId);
  const ids = { id, boxId, siteId, deviceId, name: undefined, kind: undefined, ip: undefined };
  return context.isImmediate
    ? (findDevice(id, context.directory) ?? ids)
    : loadOr(Device.getDataloader(context), id, ids);
}

const findDevice = (id: GlobalDeviceId, directory: Directory): DeviceEntry | undefined =>
  directory.findDevices(id).find((device) => device.id === id);

Device.implement({
  description: 'A device with a camera whose faces a box recognises: a gate, a camera, a door.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Unique over all boxes: `<box id>/<device id>`.',
    }),
    deviceId: t.exposeID('deviceId', {
      description: 'The box’s own id of the device, unique within its box only.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name that the box lists, or listed last; null when it lists none.',
    }),
    kind: t.exposeString('kind', {
      nullable: true,
      description:
        'The kind that the box lists (`photo`, `rtsp`, `file`, `gb28181`), not the ' +
        '`deviceType` of an event. Null when it lists none.',
    }),
    ip: t.exposeString('ip', {
      nullable: true,
      description: 'The address of the device; null when the box lists none.',
    }),
    box: t.field({
      type: Box,
      description: 'The box that recognises the faces of this device.',
      resolve: (device, _args, context) => boxOf(device, context),
    }),
    site: t.field({
      type: Site,
      description: 'The site of the device’s box.',
      resolve: ({ siteId }, _args, context) => siteOf(siteId, context),
    }),
    lastEventAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the last event of this device came, by the gateway’s clock; null when none has come since the gateway started.',
      resolve: ({ id }, _args, { directory }) => directory.lastEventAt(id),
    }),
  }),
});
