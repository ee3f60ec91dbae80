import type { SiteId } from '../../config/ids.ts';
import type { Directory, Site as SiteEntry } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { Box } from './box.ts';
import { Device } from './device.ts';
import { Node } from './node.ts';

export const Site = builder.loadableObjectRef<SiteEntry, SiteId>('Site', {
  load: async (ids, { directory }) => ids.map((id) => findSite(id, directory)),
});

/** The site of an event, a device or a box. */
export const siteOf = (
  id: SiteId,
  { directory, isImmediate }: GraphQLContext,
): SiteId | SiteEntry => (isImmediate ? findSite(id, directory) : id);

/** A site that is gone still resolves in history, by its id. */
const findSite = (id: SiteId, directory: Directory): SiteEntry =>
  directory.site(id) ?? { id, name: id, timezone: undefined };

Site.implement({
  description: 'A place with boxes: a building, a campus, a shop.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'As configured; holds no "/".' }),
    name: t.exposeString('name', { description: 'The configured name, for people.' }),
    timezone: t.exposeString('timezone', {
      nullable: true,
      description: 'IANA name, such as `Asia/Shanghai`; null when it is not configured.',
    }),
    boxes: t.field({
      type: [Box],
      description: 'The boxes of the site, in the order of the configuration.',
      resolve: ({ id }, _args, { directory }) => directory.boxes.filter((box) => box.siteId === id),
    }),
    devices: t.field({
      type: [Device],
      description: 'The devices that the site’s boxes list now.',
      resolve: ({ id }, _args, { directory }) =>
        directory.boxes
          .filter((box) => box.siteId === id)
          .flatMap((box) => directory.devices(box.id)),
    }),
  }),
});
