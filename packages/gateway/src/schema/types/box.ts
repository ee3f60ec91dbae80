import type { BoxId, SiteId } from '../../config/ids.ts';
import type { BoxEntry, BoxStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { loadOr, UnknownId } from '../loading.ts';
import { Backfill } from './backfill.ts';
import { BoxLink } from './box-link.ts';
import { Device } from './device.ts';
import { Node } from './node.ts';
import { Site, siteOf } from './site.ts';

export const Box = builder.loadableObjectRef<BoxEntry, BoxId>('Box', {
  load: async (ids, { directory }) =>
    ids.map((id) => directory.box(id) ?? new UnknownId(`no box has the id ${id}`)),
});

/** The box of an event or a device; with its id alone when it is configured no longer. */
export function boxOf(
  { boxId, siteId }: { readonly boxId: BoxId; readonly siteId: SiteId },
  context: GraphQLContext,
): BoxEntry | Promise<BoxEntry> {
  const ids = { id: boxId, name: boxId, siteId };
  return context.isImmediate
    ? (context.directory.box(boxId) ?? ids)
    : loadOr(Box.getDataloader(context), boxId, ids);
}

Box.implement({
  description: 'An SE5 box: it recognises the faces that its devices see.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'As configured, unique over all sites; holds no "/".' }),
    name: t.exposeString('name', { description: 'The configured name, for people.' }),
    site: t.field({
      type: Site,
      description: 'The site of the box.',
      resolve: ({ siteId }, _args, context) => siteOf(siteId, context),
    }),
    devices: t.field({
      type: [Device],
      description:
        'The devices that the box lists now, or the last known ones while the gateway ' +
        'can’t reach it. Empty before its first answer.',
      resolve: ({ id }, _args, { directory }) => directory.devices(id),
    }),
    link: t.field({
      type: BoxLink,
      description: 'The state of the gateway’s event link to the box.',
      resolve: ({ id }, _args, { directory }) =>
        directory.box(id) ? directory.status(id) : notListened(id),
    }),
    gateway: t.string({
      nullable: true,
      description:
        'The name of the gateway that listens to the box, where several share a log; null ' +
        'while none does, and for a gateway by itself.',
      resolve: ({ id }, _args, { directory }) =>
        (directory.box(id) && directory.gatewayOf(id)) ?? null,
    }),
    backfill: t.field({
      type: Backfill,
      nullable: true,
      description:
        'The result of reading back the events of the box’s last outage; null without an ' +
        'outage since the gateway started.',
      resolve: ({ id }, _args, { directory }) =>
        directory.box(id) ? directory.status(id).backfill : null,
    }),
  }),
});

/** This gateway has never listened to a box that is in history only. */
const notListened = (boxId: BoxId): BoxStatus => ({
  boxId,
  link: { name: 'STOPPED', since: Math.floor(performance.timeOrigin) },
  devicesError: undefined,
  lastEventAt: undefined,
  clockOffsetMs: undefined,
  backfill: undefined,
});
