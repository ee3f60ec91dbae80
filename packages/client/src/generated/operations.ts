// Generated from the documents and the gateway's schema by `pnpm --filter @se5/client generate`.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocument } from '../document.ts';
/** The state of the gateway’s event link to a box. */
export type LinkState =
  /** The gateway opens and configures a connection. */
  | 'CONNECTING'
  /** Connected, and the box sent an event recently. */
  | 'LIVE'
  /** Connected, but the box has sent no event for a while (10 minutes by default). At night this is normal, not a fault. */
  | 'SILENT'
  /** The last attempt or connection failed; the gateway retries by itself. */
  | 'BACKING_OFF'
  /** The gateway does not listen to this box. */
  | 'STOPPED';

/** Whether reading missed events back from a box runs, or how it ended. */
export type BackfillState =
  /** The gateway reads missed events back, or will when it can reach the box. */
  | 'RUNNING'
  /** The gateway has read back all events that the box has of the outage. */
  | 'COMPLETE'
  /** The gateway could not read all of the outage back: the box stores no events, failed repeatedly, no longer had them, or sent unreadable ones. `gapsBefore` reports the rest. */
  | 'INCOMPLETE';

/** Whether an event came live or was read back. */
export type Delivery =
  /** The box sent it as it happened. */
  | 'LIVE'
  /** The gateway read it back from the box’s store after an outage. */
  | 'BACKFILLED';

/** The type of person that the box recognised. */
export type PersonType =
  /** An employee. Also the type of an event without a type. */
  | 'EMPLOYEE'
  /** Enrolled as a visitor. */
  | 'VISITOR'
  /** Enrolled as not welcome. */
  | 'BLACKLIST'
  /** Not enrolled. */
  | 'STRANGER'
  /** Enrolled as a very important person. */
  | 'VIP'
  /** A type that the protocol does not name. */
  | 'UNKNOWN';

/** The kind of device that saw the face. */
export type EventDeviceType =
  /** A gate or turnstile. */
  | 'GATE'
  /** A capture camera, which cuts faces out by itself. */
  | 'CAPTURE'
  /** A network camera, of people who stand still. */
  | 'IPC_STILL'
  /** A network camera, of people who walk. */
  | 'IPC_MOVING'
  /** A door’s access control. */
  | 'ACCESS_CONTROL'
  /** A kind that the protocol does not name. */
  | 'UNKNOWN';

/** Why events are missing. */
export type GapReason =
  /** The gateway could not hear the box, and could not read the events back later. */
  | 'BOX_UNREACHABLE'
  /** The events are older than the journal keeps, for all boxes or for the named one. */
  | 'RETENTION'
  /** The record of the cursor is not in the journal, which is new or was restored from a copy. The subscription continues with the oldest kept event. */
  | 'UNKNOWN_CURSOR'
  /** The gateway could not write the journal, and could send the events only live, if at all. */
  | 'JOURNAL_UNAVAILABLE';

/** Which events. An omitted or null member means any, an empty list means none. An event must match all members. An unknown id matches nothing and is not an error. */
export type RecognitionEventFilter = {
  /** Of one of these sites. */
  readonly siteIds?: ReadonlyArray<string> | null | undefined;
  /** Of one of these boxes. */
  readonly boxIds?: ReadonlyArray<string> | null | undefined;
  /** Of one of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it. */
  readonly deviceIds?: ReadonlyArray<string> | null | undefined;
  /** Of one of these types. */
  readonly personTypes?: ReadonlyArray<PersonType> | null | undefined;
  /** Of one of these persons; "" means strangers. */
  readonly identityIds?: ReadonlyArray<string> | null | undefined;
  /** Of one of these groups, by exact name. */
  readonly groupNames?: ReadonlyArray<string> | null | undefined;
  /** The least `similarity`, from 0 to 1; any other value is the error BAD_USER_INPUT. */
  readonly minSimilarity?: number | null | undefined;
  /**
   * The same as `minSimilarity`. If both are given, the greater one counts.
   * @deprecated It was never compared with `score`. Use `minSimilarity`.
   */
  readonly minScore?: number | null | undefined;
  /** The least `occurredAt`, inclusive. */
  readonly from?: string | null | undefined;
  /** The greatest `occurredAt`, exclusive; before `from` it is the error BAD_USER_INPUT. */
  readonly to?: string | null | undefined;
};

/** How urgent an alarm is, as its watch rule says. */
export type Severity =
  /** The least urgent. */
  | 'LOW'
  /** The default of a rule. */
  | 'MEDIUM'
  /** More urgent than most. */
  | 'HIGH'
  /** The most urgent. */
  | 'CRITICAL';

/** How far an alarm has been dealt with. */
export type AlarmState =
  /** Nobody has acknowledged it. */
  | 'OPEN'
  /** Somebody takes care of it. Events still add to it. */
  | 'ACKNOWLEDGED'
  /** It is dealt with. Later events open another alarm; only notes can be added. */
  | 'CLOSED';

/** Which alarms. An omitted or null member means any, an empty list means none. An alarm must match all members. An unknown id matches nothing and is not an error. */
export type AlarmFilter = {
  /** In one of these states. A subscription with it is not told when an alarm leaves them: leave it out to follow what others do. */
  readonly states?: ReadonlyArray<AlarmState> | null | undefined;
  /** Of one of these severities. */
  readonly severities?: ReadonlyArray<Severity> | null | undefined;
  /** Of one of these watch rules, by id. */
  readonly rules?: ReadonlyArray<string> | null | undefined;
  /** At one of these sites. */
  readonly siteIds?: ReadonlyArray<string> | null | undefined;
  /** At one of these boxes. */
  readonly boxIds?: ReadonlyArray<string> | null | undefined;
  /** At one of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it. */
  readonly deviceIds?: ReadonlyArray<string> | null | undefined;
};

/** Fields of an event that a role shows or not, as `fields` of a role names them. */
export type FieldGroup =
  /** `identityId`, `identityName`, `groupName`, `identityInfo` and `extra`. */
  | 'IDENTITY'
  /** `faceImage`. */
  | 'FACE'
  /** `sceneImage`. */
  | 'SCENE'
  /** `registeredImage`. */
  | 'REGISTERED';

export type AlarmFragment = { readonly id: string, readonly cursor: string, readonly rule: string, readonly title: string, readonly severity: Severity, readonly state: AlarmState, readonly openedAt: string, readonly personType: PersonType, readonly identityId: string | null, readonly identityName: string | null, readonly eventCount: number, readonly lastEventAt: string, readonly assignee: string | null, readonly acknowledgedAt: string | null, readonly acknowledgedBy: string | null, readonly closedAt: string | null, readonly closedBy: string | null, readonly device: { readonly id: string, readonly deviceId: string, readonly name: string | null }, readonly box: { readonly id: string, readonly name: string }, readonly site: SiteFragment, readonly lastEvent: (
    { readonly id: string, readonly cursor: string }
    & EventImagesFragment
  ) | null, readonly notes: ReadonlyArray<{ readonly text: string, readonly by: string, readonly at: string }> };

export type AlarmHistoryQueryVariables = Exact<{
  filter?: AlarmFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type AlarmHistoryQuery = { readonly cursor: string, readonly alarms: { readonly edges: ReadonlyArray<{ readonly node: AlarmFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type AlarmsSubscriptionVariables = Exact<{
  filter?: AlarmFilter | null | undefined;
  after?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type AlarmsSubscription = { readonly alarms: AlarmFragment };

export type AcknowledgeAlarmMutationVariables = Exact<{
  id: string;
  key: string;
  assignee?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type AcknowledgeAlarmMutation = { readonly acknowledgeAlarm: AlarmFragment };

export type CloseAlarmMutationVariables = Exact<{
  id: string;
  key: string;
  note?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type CloseAlarmMutation = { readonly closeAlarm: AlarmFragment };

export type AddAlarmNoteMutationVariables = Exact<{
  id: string;
  key: string;
  text: string;
  withBase64?: boolean | null | undefined;
}>;


export type AddAlarmNoteMutation = { readonly addAlarmNote: AlarmFragment };

export type BoxFragment = { readonly id: string, readonly name: string, readonly gateway: string | null, readonly site: SiteFragment, readonly link: { readonly state: LinkState, readonly since: string, readonly attemptedAt: string | null, readonly lastEventAt: string | null, readonly lastError: string | null, readonly attempts: number, readonly clockOffsetMs: number | null }, readonly backfill: { readonly state: BackfillState, readonly from: string, readonly to: string, readonly recovered: number, readonly error: string | null } | null };

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

export type HistoryQueryVariables = Exact<{
  filter?: RecognitionEventFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type HistoryQuery = { readonly cursor: string, readonly recognitionEvents: { readonly edges: ReadonlyArray<{ readonly node: RecognitionEventFragment }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly hasNextPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type ImagesQueryVariables = Exact<{
  cursors: ReadonlyArray<string> | string;
  withBase64?: boolean | null | undefined;
}>;


export type ImagesQuery = { readonly recognitionEventsAt: ReadonlyArray<EventImagesFragment | null> };

export type PersonFragment = { readonly identityId: string, readonly identityName: string, readonly groupName: string, readonly personType: PersonType, readonly eventCount: number, readonly lastEvent: RecognitionEventFragment };

export type PeopleQueryVariables = Exact<{
  filter?: RecognitionEventFilter | null | undefined;
  name?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type PeopleQuery = { readonly people: { readonly edges: ReadonlyArray<{ readonly node: PersonFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type PersonQueryVariables = Exact<{
  identityId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  withBase64?: boolean | null | undefined;
}>;


export type PersonQuery = { readonly person: (
    { readonly events: { readonly edges: ReadonlyArray<{ readonly node: RecognitionEventFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    & PersonFragment
  ) | null };

export type ImageFragment = { readonly url: string | null, readonly urlExpiresAt: string | null, readonly base64?: string | null, readonly byteLength: number, readonly contentType: string };

export type EventImagesFragment = { readonly faceImage: ImageFragment | null, readonly sceneImage: ImageFragment | null, readonly registeredImage: ImageFragment | null };

export type GapFragment = { readonly reason: GapReason, readonly from: string | null, readonly to: string | null, readonly boxId: string | null, readonly count: number | null };

export type RecognitionEventFragment = (
  { readonly id: string, readonly cursor: string, readonly occurredAt: string, readonly receivedAt: string, readonly delivery: Delivery, readonly replayed: boolean, readonly personType: PersonType, readonly identityId: string | null, readonly identityName: string | null, readonly groupName: string | null, readonly identityInfo: unknown, readonly score: number, readonly similarity: number, readonly deviceType: EventDeviceType, readonly deviceIp: string | null, readonly imagesOmitted: boolean, readonly extra: unknown, readonly device: { readonly id: string, readonly deviceId: string, readonly name: string | null }, readonly box: { readonly id: string, readonly name: string }, readonly site: SiteFragment, readonly gapsBefore: ReadonlyArray<GapFragment> }
  & EventImagesFragment
);

export type RecognitionEventsSubscriptionVariables = Exact<{
  deviceIds?: ReadonlyArray<string> | string | null | undefined;
  withImages?: boolean | null | undefined;
  withBase64?: boolean | null | undefined;
  filter?: RecognitionEventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type RecognitionEventsSubscription = { readonly recognitionEvents: RecognitionEventFragment };

export type RecognitionEventQueryVariables = Exact<{
  id: string;
  withBase64?: boolean | null | undefined;
}>;


export type RecognitionEventQuery = { readonly recognitionEvent: RecognitionEventFragment | null };

export type SiteFragment = { readonly id: string, readonly name: string, readonly timezone: string | null };

export type SitesQueryVariables = Exact<{ [key: string]: never; }>;


export type SitesQuery = { readonly sites: ReadonlyArray<SiteFragment> };

export type ViewerFragment = { readonly name: string, readonly mayAnswer: boolean, readonly mayErase: boolean, readonly mayExport: boolean, readonly sites: ReadonlyArray<{ readonly fields: ReadonlyArray<FieldGroup>, readonly site: SiteFragment, readonly history: { readonly since: string | null, readonly fields: ReadonlyArray<FieldGroup> } | null }> };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: ViewerFragment };

export const AlarmHistoryDocument = 'query AlarmHistory($filter:AlarmFilter$first:Int$after:String$withBase64:Boolean=false){cursor alarms(filter:$filter first:$first after:$after){edges{node{...Alarm}}pageInfo{hasNextPage endCursor}}}fragment Alarm on Alarm{id cursor rule title severity state openedAt device{id deviceId name}box{id name}site{...Site}personType identityId identityName eventCount lastEventAt lastEvent{id cursor ...EventImages}assignee notes{text by at}acknowledgedAt acknowledgedBy closedAt closedBy}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<AlarmHistoryQuery, AlarmHistoryQueryVariables>;

export const AlarmsDocument = 'subscription Alarms($filter:AlarmFilter$after:String$withBase64:Boolean=false){alarms(filter:$filter after:$after){...Alarm}}fragment Alarm on Alarm{id cursor rule title severity state openedAt device{id deviceId name}box{id name}site{...Site}personType identityId identityName eventCount lastEventAt lastEvent{id cursor ...EventImages}assignee notes{text by at}acknowledgedAt acknowledgedBy closedAt closedBy}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<AlarmsSubscription, AlarmsSubscriptionVariables>;

export const AcknowledgeAlarmDocument = 'mutation AcknowledgeAlarm($id:ID!$key:String!$assignee:String$withBase64:Boolean=false){acknowledgeAlarm(id:$id key:$key assignee:$assignee){...Alarm}}fragment Alarm on Alarm{id cursor rule title severity state openedAt device{id deviceId name}box{id name}site{...Site}personType identityId identityName eventCount lastEventAt lastEvent{id cursor ...EventImages}assignee notes{text by at}acknowledgedAt acknowledgedBy closedAt closedBy}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<AcknowledgeAlarmMutation, AcknowledgeAlarmMutationVariables>;

export const CloseAlarmDocument = 'mutation CloseAlarm($id:ID!$key:String!$note:String$withBase64:Boolean=false){closeAlarm(id:$id key:$key note:$note){...Alarm}}fragment Alarm on Alarm{id cursor rule title severity state openedAt device{id deviceId name}box{id name}site{...Site}personType identityId identityName eventCount lastEventAt lastEvent{id cursor ...EventImages}assignee notes{text by at}acknowledgedAt acknowledgedBy closedAt closedBy}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<CloseAlarmMutation, CloseAlarmMutationVariables>;

export const AddAlarmNoteDocument = 'mutation AddAlarmNote($id:ID!$key:String!$text:String!$withBase64:Boolean=false){addAlarmNote(id:$id key:$key text:$text){...Alarm}}fragment Alarm on Alarm{id cursor rule title severity state openedAt device{id deviceId name}box{id name}site{...Site}personType identityId identityName eventCount lastEventAt lastEvent{id cursor ...EventImages}assignee notes{text by at}acknowledgedAt acknowledgedBy closedAt closedBy}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<AddAlarmNoteMutation, AddAlarmNoteMutationVariables>;

export const BoxesDocument = 'query Boxes($siteIds:[ID!]){boxes(siteIds:$siteIds){...Box}}fragment Box on Box{id name gateway site{...Site}link{state since attemptedAt lastEventAt lastError attempts clockOffsetMs}backfill{state from to recovered error}}fragment Site on Site{id name timezone}' as TypedDocument<BoxesQuery, BoxesQueryVariables>;

export const BoxStatusDocument = 'subscription BoxStatus($boxIds:[ID!]){boxStatus(boxIds:$boxIds){...Box}}fragment Box on Box{id name gateway site{...Site}link{state since attemptedAt lastEventAt lastError attempts clockOffsetMs}backfill{state from to recovered error}}fragment Site on Site{id name timezone}' as TypedDocument<BoxStatusSubscription, BoxStatusSubscriptionVariables>;

export const CursorDocument = 'query Cursor{cursor}' as TypedDocument<CursorQuery, CursorQueryVariables>;

export const DevicesDocument = 'query Devices($siteIds:[ID!]$boxIds:[ID!]){devices(siteIds:$siteIds boxIds:$boxIds){...Device}}fragment Device on Device{id deviceId name kind ip lastEventAt box{id name}site{...Site}}fragment Site on Site{id name timezone}' as TypedDocument<DevicesQuery, DevicesQueryVariables>;

export const HistoryDocument = 'query History($filter:RecognitionEventFilter$first:Int$after:String$last:Int$before:String$withBase64:Boolean=false){cursor recognitionEvents(filter:$filter first:$first after:$after last:$last before:$before){edges{node{...RecognitionEvent}}pageInfo{hasPreviousPage hasNextPage startCursor endCursor}}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp ...EventImages imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<HistoryQuery, HistoryQueryVariables>;

export const ImagesDocument = 'query Images($cursors:[String!]!$withBase64:Boolean=false){recognitionEventsAt(cursors:$cursors){...EventImages}}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}' as TypedDocument<ImagesQuery, ImagesQueryVariables>;

export const PeopleDocument = 'query People($filter:RecognitionEventFilter$name:String$first:Int$after:String$withBase64:Boolean=false){people(filter:$filter name:$name first:$first after:$after){edges{node{...Person}}pageInfo{hasNextPage endCursor}}}fragment Person on Person{identityId identityName groupName personType eventCount lastEvent{...RecognitionEvent}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp ...EventImages imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<PeopleQuery, PeopleQueryVariables>;

export const PersonDocument = 'query Person($identityId:String!$first:Int$after:String$withBase64:Boolean=false){person(identityId:$identityId){...Person events(first:$first after:$after){edges{node{...RecognitionEvent}}pageInfo{hasNextPage endCursor}}}}fragment Person on Person{identityId identityName groupName personType eventCount lastEvent{...RecognitionEvent}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp ...EventImages imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<PersonQuery, PersonQueryVariables>;

export const RecognitionEventsDocument = 'subscription RecognitionEvents($deviceIds:[ID!]$withImages:Boolean=false$withBase64:Boolean=false$filter:RecognitionEventFilter$after:String){recognitionEvents(deviceIds:$deviceIds withImages:$withImages filter:$filter after:$after){...RecognitionEvent}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp ...EventImages imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<RecognitionEventsSubscription, RecognitionEventsSubscriptionVariables>;

export const RecognitionEventDocument = 'query RecognitionEvent($id:ID!$withBase64:Boolean=false){recognitionEvent(id:$id){...RecognitionEvent}}fragment RecognitionEvent on RecognitionEvent{id cursor device{id deviceId name}box{id name}site{...Site}occurredAt receivedAt delivery replayed personType identityId identityName groupName identityInfo score similarity deviceType deviceIp ...EventImages imagesOmitted extra gapsBefore{...Gap}}fragment Site on Site{id name timezone}fragment EventImages on RecognitionEvent{faceImage{...Image}sceneImage{...Image}registeredImage{...Image}}fragment Image on Image{url urlExpiresAt base64@include(if:$withBase64)byteLength contentType}fragment Gap on Gap{reason from to boxId count}' as TypedDocument<RecognitionEventQuery, RecognitionEventQueryVariables>;

export const SitesDocument = 'query Sites{sites{...Site}}fragment Site on Site{id name timezone}' as TypedDocument<SitesQuery, SitesQueryVariables>;

export const ViewerDocument = 'query Viewer{viewer{...Viewer}}fragment Viewer on Viewer{name mayAnswer mayErase mayExport sites{site{...Site}fields history{since fields}}}fragment Site on Site{id name timezone}' as TypedDocument<ViewerQuery, ViewerQueryVariables>;
