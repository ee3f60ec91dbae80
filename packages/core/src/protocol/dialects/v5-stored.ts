import { z } from 'zod';
import type { BoxRequest, StoredDialect, StoredPage, StoredRecords } from '../dialect.ts';
import { BoxError } from '../errors.ts';
import type { PersonType } from '../event.ts';
import { toDeviceId } from '../ids.ts';
import { type JsonObject, type JsonValue, kindOf } from '../json.ts';
import { redactDevice, redactEvent } from '../redact.ts';
import type { PictureReference, StoredEvent } from '../stored-event.ts';
import { checkIds, type ReadMembers } from '../text-bounds.ts';
import { instantOfSeconds, nonEmptyName, nonEmptyText, numeric, object, text } from '../wire.ts';
import { mergeExtra } from './v5-event.ts';
import { DEFAULT_SCORE, personShape, personTypeOr } from './v5-person.ts';

/** [vendor] */
const EVENTS_PATH = '/SophonFace/api/events';
const EVENT_PICTURES_PATH = '/SophonFace/api/event_images';
const ENROLLED_PICTURES_PATH = '/SophonFace/api/images';

/** Not found, and not implemented [vendor]. */
const absentCodes: ReadonlySet<string> = new Set(['40400', '40491', '50100']);

/** Of a stored event without a `person_type` [assumed]: the seed's rule is for live events only. */
const DEFAULT_PERSON_TYPE: PersonType = 'UNKNOWN';

/**
 * `page` counts from 0, and the times are seconds [vendor]; whole ones, rounded outwards, are in
 * the vendor's examples. `streams` (device ids) is not used: how a list stands in the query is
 * not said, and a filter that a box misreads would hide events.
 */
const request = ({ from, to, page, perPage }: StoredPage): BoxRequest => {
  const query = new URLSearchParams({
    per_page: String(perPage),
    page: String(page),
    datetime_gte: String(Math.floor(from / 1000)),
    datetime_lte: String(Math.ceil(to / 1000)),
  });
  return get(`${EVENTS_PATH}?${query.toString()}`);
};

const get = (path: string): BoxRequest => ({ method: 'GET', path, body: undefined });

/** `{"data":[…],"pagination":{"total_count":…}}` [vendor]; `null` for no records [assumed]. */
const answerSchema = z.object({
  data: z.array(z.custom<JsonValue>()).nullable(),
  pagination: z.object({ total_count: numeric }).optional().catch(undefined),
});

function records(answer: JsonValue): StoredRecords {
  const { data: read } = answerSchema.safeParse(answer);
  if (read) return { records: read.data ?? [], total: read.pagination?.total_count };
  throw new BoxError(
    'PROTOCOL',
    'The answer has no array at data; check that this is the API of a box of the dialect v5',
    { field: 'data' },
  );
}

/** [vendor] */
const eventSchema = z.object({
  _id: nonEmptyText,
  timestamp: instantOfSeconds,
  common: object,
});

/** [vendor] */
const commonSchema = z.object({
  ep_info: object,
  ...personShape,
  group_id: nonEmptyName,
  group_name: nonEmptyName,
  person_type: personTypeOr(DEFAULT_PERSON_TYPE),
  spot_pic_id: nonEmptyText,
  recognize_face_pic_id: nonEmptyText,
});

/** [vendor] */
const deviceSchema = z.object({ device_id: nonEmptyText, ep_ip: nonEmptyName });

/** [vendor] */
const identitySchema = z.object({ image_id: nonEmptyText });

const EVENT_MEMBERS = new Set(Object.keys(eventSchema.shape));
/** `group_id` is kept beside the name, and `ep_info` for what else it says of the device. */
const COMMON_MEMBERS = new Set(
  Object.keys(commonSchema.shape).filter((name) => name !== 'group_id'),
);

const eventMembers: ReadMembers = {
  _id: true,
  timestamp: true,
  common: {
    ...Object.fromEntries(Object.keys(commonSchema.shape).map((member) => [member, true])),
    ep_info: { device_id: true, ep_ip: true },
  },
};

/** `ep_type` is the device list's word for the kind [vendor], not an event's device type. */
function readEvent(record: JsonObject): StoredEvent {
  const event = eventSchema.parse(record);
  const members = event.common ?? {};
  const common = commonSchema.parse(members);
  const device = redactDevice(common.ep_info ?? {});
  const { device_id: deviceId, ep_ip: deviceIp } = deviceSchema.parse(device);
  checkIds(
    {
      _id: event._id,
      'common.identity_id': common.identity_id,
      'common.ep_info.device_id': deviceId,
    },
    'INVALID_EVENT',
  );
  if (deviceId === undefined) {
    throw invalid('common.ep_info.device_id', device['device_id'], "a device's id");
  }
  if (event.timestamp === undefined) {
    throw invalid(
      'timestamp',
      record['timestamp'],
      'a time since the Unix epoch, within what a Date can hold',
    );
  }
  const identityInfo = redactEvent(common.identity_info ?? {});
  const { image_id: enrolled } = identitySchema.parse(identityInfo);
  const datetime = text.parse(record['timestamp']) ?? String(event.timestamp / 1000);
  const picture = (id: string): PictureReference => ({ kind: 'event', id, datetime });
  const { recognize_face_pic_id: face, spot_pic_id: scene } = common;
  return {
    deviceId: toDeviceId(deviceId),
    eventId: event._id,
    occurredAt: event.timestamp,
    identityId: common.identity_id ?? '',
    identityName: common.identity_name ?? '',
    groupName: common.group_name ?? common.group_id ?? '',
    identityInfo,
    personType: common.person_type,
    score: common.score ?? DEFAULT_SCORE,
    deviceType: 'UNKNOWN',
    deviceIp,
    pictures: {
      ...(face !== undefined && { face: picture(face) }),
      ...(scene !== undefined && { scene: picture(scene) }),
      ...(enrolled !== undefined && { registered: { kind: 'enrolled', id: enrolled } }),
    },
    extra: mergeExtra(
      { ...redactEvent(members, COMMON_MEMBERS), ep_info: device },
      redactEvent(record, EVENT_MEMBERS),
    ),
  };
}

const invalid = (field: string, found: JsonValue | undefined, expected: string) =>
  new BoxError('INVALID_EVENT', `${field}: found ${kindOf(found)}, expected ${expected}`, {
    field,
  });

const pictureRequest = (picture: PictureReference): BoxRequest => {
  const id = encodeURIComponent(picture.id);
  return picture.kind === 'enrolled'
    ? get(`${ENROLLED_PICTURES_PATH}/${id}`)
    : get(`${EVENT_PICTURES_PATH}/${id}?datetime=${encodeURIComponent(picture.datetime)}`);
};

/** What a box has stored, and its pictures [vendor, V2R6 and V5R5 to V5R7]. */
export const stored: StoredDialect = {
  request,
  records,
  idOf: (record) => eventSchema.shape._id.parse(record['_id']),
  eventMembers,
  readEvent,
  pictureRequest,
  absentCodes,
};
