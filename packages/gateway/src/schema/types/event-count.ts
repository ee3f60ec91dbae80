import type { DeviceId, PersonType as Type } from '@se5/core';
import type { BoxId, SiteId } from '../../config/ids.ts';
import { builder } from '../builder.ts';
import { Device, deviceOf } from './device.ts';
import { PersonType } from './person-type.ts';

export interface EventCountShape {
  readonly count: number;
  readonly from?: number;
  readonly to?: number;
  readonly device?: {
    readonly siteId: SiteId;
    readonly boxId: BoxId;
    readonly deviceId: DeviceId;
  };
  readonly personType?: Type;
}

export const EventCount = builder.objectRef<EventCountShape>('EventCount').implement({
  description: 'How many events an hour, a day, a device or a type of person has.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many events match; may be 0.' }),
    from: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The start of the hour or day, inclusive; null by device or type.',
      resolve: ({ from }) => from,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The end of the hour or day, exclusive; null by device or type.',
      resolve: ({ to }) => to,
    }),
    device: t.field({
      type: Device,
      nullable: true,
      description: 'The device; null unless events are counted by device.',
      resolve: ({ device }, _args, context) => device && deviceOf(device, context),
    }),
    personType: t.field({
      type: PersonType,
      nullable: true,
      description: 'The type; null unless events are counted by type.',
      resolve: ({ personType }) => personType,
    }),
  }),
});
