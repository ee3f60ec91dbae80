import type { Dialect } from '../dialect.ts';
import { jsonReader } from '../json-text.ts';
import { deviceMembers, deviceRecords, devicesRequest, readDevice } from './v5-devices.ts';
import { eventMembers, readEvent } from './v5-event.ts';
import { stored } from './v5-stored.ts';

/** Members that are read as text, of events, stored events and devices. */
const NAMES = [
  ...['device_id', 'video_id', 'event_id', 'identity_id', 'identity_name', 'group_name'],
  ...['_id', 'group_id', 'image_id', 'recognize_face_pic_id', 'spot_pic_id'],
  ...['device_name', 'device_type', 'device_ip', 'ep_ip'],
];

/** The dialect of the seed, and of the firmware V2R2 to V5R7. */
export const v5: Dialect = {
  encodeConfiguration: ({ devices, demand }) =>
    JSON.stringify({
      need_face: demand.live,
      need_register: demand.registered,
      event_list: devices,
    }),
  readJson: jsonReader(NAMES),
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
