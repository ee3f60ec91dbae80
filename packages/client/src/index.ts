export type {
  AlarmActOptions,
  AlarmClient,
  AlarmHistoryOptions,
  AlarmPage,
  AlarmsOptions,
} from './alarms.ts';
export type { BackoffBounds } from './backoff.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type HistoryOptions,
  type HistoryPage,
  type QueryOptions,
  type RecognitionEventsOptions,
} from './client.ts';
export type { OperationArguments, OperationDocument, TypedDocument } from './document.ts';
export { ClientError, type ClientErrorCode, type GatewayErrorDetail } from './errors.ts';
export { type FreshImages, freshImages, type PicturedEvent } from './fresh-images.ts';
export type {
  AlarmFilter,
  AlarmFragment as Alarm,
  AlarmState,
  BoxFragment as Box,
  Delivery,
  DeviceFragment as Device,
  EventDeviceType,
  EventImagesFragment as EventImages,
  FieldGroup,
  GapFragment as Gap,
  GapReason,
  ImageFragment as Image,
  LinkState,
  PersonFragment as Person,
  PersonType,
  RecognitionEventFilter,
  RecognitionEventFragment as RecognitionEvent,
  Severity,
  SiteFragment as Site,
  ViewerFragment as Viewer,
} from './generated/operations.ts';
export type { AbortSignalLike } from './http.ts';
export type {
  PeopleClient,
  PeopleOptions,
  PeoplePage,
  PersonOptions,
  PersonPage,
} from './people.ts';
export type { Fetch, WebSocketConstructor, WebSocketLike } from './platform.ts';
export type { ClientState } from './state.ts';
export type { Observer, Stream } from './stream.ts';
export type { Token } from './token-source.ts';
