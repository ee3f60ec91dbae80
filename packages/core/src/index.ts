export { Backoff } from './box/backoff.ts';
export { Box } from './box/box.ts';
export type { LinkState } from './box/link-state.ts';
export type { BoxObserver, DeviceChange } from './box/observer.ts';
export type { BoxOptions } from './box/options.ts';
export type { StoredEventsQuery } from './box/stored-events.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Decoded, decode } from './protocol/decode.ts';
export type { BoxDevice } from './protocol/device.ts';
export type { Dialect, PictureDemand } from './protocol/dialect.ts';
export { type DialectName, dialectNamed } from './protocol/dialects/index.ts';
export { BoxError, type BoxErrorCode, type BoxErrorDetail } from './protocol/errors.ts';
export type {
  BoxEvent,
  EventDeviceType,
  PersonType,
  PictureSlot,
  Pictures,
  SpoiltPicture,
} from './protocol/event.ts';
export { type DeviceId, deviceIdSchema, toDeviceId } from './protocol/ids.ts';
export type { JsonArray, JsonObject, JsonValue } from './protocol/json.ts';
export { decodePicture, type Picture, pictureOf } from './protocol/picture.ts';
export type { PictureReference, StoredEvent } from './protocol/stored-event.ts';
export { MAX_NAME_LENGTH } from './protocol/text-bounds.ts';
