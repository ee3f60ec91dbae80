// Generated from the documents and the gateway's schema by `pnpm --filter @se5/client generate`.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocument } from '../document.ts';
export type LinkState =
  | 'CONNECTING'
  | 'LIVE'
  | 'SILENT'
  | 'BACKING_OFF'
  | 'STOPPED';

export type Delivery =
  | 'LIVE'
  | 'BACKFILLED';

export type PersonType =
  | 'EMPLOYEE'
  | 'VISITOR'
  | 'BLACKLIST'
  | 'STRANGER'
  | 'VIP'
  | 'UNKNOWN';

export type EventDeviceType =
  | 'GATE'
  | 'CAPTURE'
  | 'IPC_STILL'
  | 'IPC_MOVING'
  | 'ACCESS_CONTROL'
  | 'UNKNOWN';

export type GapReason =
  | 'BOX_UNREACHABLE'
  | 'RETENTION'
  | 'UNKNOWN_CURSOR'
  | 'JOURNAL_UNAVAILABLE';

export type RecognitionEventFilter = {
  readonly siteIds?: ReadonlyArray<string> | null | undefined;
  readonly boxIds?: ReadonlyArray<string> | null | undefined;
  readonly deviceIds?: ReadonlyArray<string> | null | undefined;
  readonly personTypes?: ReadonlyArray<PersonType> | null | undefined;
  readonly identityIds?: ReadonlyArray<string> | null | undefined;
  readonly groupNames?: ReadonlyArray<string> | null | undefined;
  readonly minScore?: number | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
};

export type BoxFragment = { readonly id: string, readonly name: string, readonly site: SiteFragment, readonly link: { readonly state: LinkState, readonly since: string, readonly lastEventAt: string | null, readonly lastError: string | null, readonly attempts: number, readonly clockOffsetMs: number | null } };

export type BoxesQueryVariables = Exact<{
  siteIds?: ReadonlyArray<string> | string | null | undefined;
}>;


export type BoxesQuery = { readonly boxes: ReadonlyArray<BoxFragment> };

export type BoxStatusSubscriptionVariables = Exact<{
  boxIds?: ReadonlyArray<string> | string | null | undefined;
}>;


export type BoxStatusSubscription = { readonly boxStatus: BoxFragment };

export type CursorQueryVariables = Exact<{ [key: string]: never; }>;


export type CursorQuery = { readonly cursor: string };

export type DeviceFragment = { readonly id: string, readonly deviceId: string, readonly name: string | null, readonly kind: string | null, readonly ip: string | null, readonly lastEventAt: string | null, readonly box: { readonly id: string, readonly name: string }, readonly site: SiteFragment };

export type DevicesQueryVariables = Exact<{
  siteIds?: ReadonlyArray<string> | string | null | undefined;
  boxIds?: ReadonlyArray<string> | string | null | undefined;
}>;


export type DevicesQuery = { readonly devices: ReadonlyArray<DeviceFragment> };

export type ImageFragment = { readonly url: string | null, readonly base64?: string | null, readonly byteLength: number, readonly contentType: string };

export type GapFragment = { readonly reason: GapReason, readonly from: string | null, readonly to: string | null, readonly boxId: string | null, readonly count: number | null };

export type RecognitionEventFragment = { readonly id: string, readonly cursor: string, readonly occurredAt: string, readonly receivedAt: string, readonly delivery: Delivery, readonly replayed: boolean, readonly personType: PersonType, readonly identityId: string, readonly identityName: string, readonly groupName: string, readonly identityInfo: unknown, readonly score: number, readonly similarity: number, readonly deviceType: EventDeviceType, readonly deviceIp: string | null, readonly imagesOmitted: boolean, readonly extra: unknown, readonly device: { readonly id: string, readonly deviceId: string, readonly name: string | null }, readonly box: { readonly id: string, readonly name: string }, readonly site: SiteFragment, readonly faceImage: ImageFragment | null, readonly sceneImage: ImageFragment | null, readonly registeredImage: ImageFragment | null, readonly gapsBefore: ReadonlyArray<GapFragment> };

export type RecognitionEventsSubscriptionVariables = Exact<{
  deviceIds?: ReadonlyArray<string> | string | null | undefined;
  withImages?: boolean | null | undefined;
  withBase64?: boolean | null | undefined;
  filter?: RecognitionEventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type RecognitionEventsSubscription = { readonly recognitionEvents: RecognitionEventFragment };

export type SiteFragment = { readonly id: string, readonly name: string, readonly timezone: string | null };

export type SitesQueryVariables = Exact<{ [key: string]: never; }>;


export type SitesQuery = { readonly sites: ReadonlyArray<SiteFragment> };

export const BoxesDocument = 'query Boxes($siteIds:[ID!]){boxes(siteIds:$siteIds){...Box}}fragment Box on Box{id name site{...Site}link{state since lastEventAt lastError attempts clockOffsetMs}}fragment Site on Site{id name timezone}' as TypedDocument<BoxesQuery, BoxesQueryVariables>;

export const BoxStatusDocument = 'subscription BoxStatus($boxIds:[ID!]){boxStatus(boxIds:$boxIds){...Box}}fragment Box on Box{id name site{...Site}link{state since lastEventAt lastError attempts clockOffsetMs}}fragment Site on Site{id name timezone}' as TypedDocument<BoxStatusSubscription, BoxStatusSubscriptionVariables>;

export const CursorDocument = 'query Cursor{cursor}' as TypedDocument<CursorQuery, CursorQueryVariables>;

export const DevicesDocument = 'query Devices($siteIds:[ID!]$boxIds:[ID!]){devices(siteIds:$siteIds boxIds:$boxIds){...Device}}fragment Device on Device{id deviceId name kind ip lastEventAt box{id name}site{...Site}}fragment Site on Site{id name timezone}' as TypedDocument<DevicesQuery, DevicesQueryVariables>;

export const RecognitionEventsDocument = 'subscription RecognitionEvents($deviceIds:[ID!]$withImages:Boolean=false$withBase64:Boolean=false$filter:RecognitionEventFilter$after:String){recognitionEvents(deviceIds:$deviceIds withImages:$withImages filter:$filter after:$after){...RecognitionEvent}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp faceImage{...Image}sceneImage{...Image}registeredImage{...Image}imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment Image on Image{url base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<RecognitionEventsSubscription, RecognitionEventsSubscriptionVariables>;

export const SitesDocument = 'query Sites{sites{...Site}}fragment Site on Site{id name timezone}' as TypedDocument<SitesQuery, SitesQueryVariables>;
