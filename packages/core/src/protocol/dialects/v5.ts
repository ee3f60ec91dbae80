import type { Dialect } from '../dialect.ts';
import { deviceMembers, deviceRecords, devicesRequest, readDevice } from './v5-devices.ts';
import { eventMembers, readEvent } from './v5-event.ts';
import { stored } from './v5-stored.ts';

/** The dialect of the seed, and of the firmware V2R2 to V5R7. */
export const v5: Dialect = {
  encodeConfiguration: ({ devices, demand }) =>
    JSON.stringify({
      need_face: demand.live,
      need_register: demand.registered,
      event_list: devices,
    }),
  pictureMembers: {
    reg_pic: 'registered',
    ext_data: { recognize_face: 'face', spot_pic: 'scene' },
  },
  eventMembers,
  readEvent,
  devicesRequest,
  deviceRecords,
  deviceMembers,
  readDevice,
  stored,
};
