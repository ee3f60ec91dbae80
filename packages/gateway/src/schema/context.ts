import type { Picture } from '@se5/core';
import type { PermissionClass } from '../access/permission-class.ts';
import type { Viewer } from '../access/viewer.ts';
import type { AlarmRequest } from '../fanout/alarm-feed.ts';
import type { AlarmView } from '../fanout/alarm-view.ts';
import type { Delivery } from '../fanout/delivery.ts';
import type { SubscriptionRequest } from '../fanout/subscription-request.ts';
import type { Directory } from '../fleet/directory.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { PictureAddresses } from '../images/picture-addresses.ts';
import type { Alarm, AlarmId } from '../journal/alarm/alarm.ts';
import type { AlarmAct } from '../journal/alarm/alarm-act.ts';
import type { Detail } from '../journal/detail.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { Journal, Position, ReadPage } from '../journal/journal.ts';
import type { ErasureReport } from '../privacy/erasure/erase.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

/** @param isFlat Whether the items have leaf fields only. */
export type BoundedList = <Item>(
  items: readonly Item[],
  isFlat: boolean,
) => readonly (Item | Promise<Item>)[] | AsyncIterable<Item>;

/** As much of the journal as a resolver needs. */
export interface SearchableJournal
  extends Pick<
    Journal,
    | 'newest'
    | 'cursorAt'
    | 'resume'
    | 'history'
    | 'count'
    | 'tally'
    | 'people'
    | 'countPeople'
    | 'find'
    | 'alarms'
  > {
  /** @param signal Aborted when nobody waits for the page any more. */
  read(after: Position, limit: number, detail?: Detail, signal?: AbortSignal): Promise<ReadPage>;
  /** @param signal Aborted when nobody waits for the alarm any more. */
  alarm(id: AlarmId, signal?: AbortSignal): Promise<Alarm | undefined>;
}

/** What the resolvers work on: the same for every operation of a gateway. */
export interface GraphQLServices {
  /** In a context: as the permission class may see it. */
  readonly directory: Directory;
  readonly journal: SearchableJournal;
  readonly images: ImageStore;
  /** The position of the newest record that the class may see. */
  readonly newestFor: (permissionClass: PermissionClass) => Position;
  readonly pictureAddresses: PictureAddresses;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
}

/** What a viewer does to an alarm. */
export type AlarmAnswer = Omit<AlarmAct, 'by' | 'at'>;

/**
 * Given to every resolver. Loaders cache by the identity of this object, so each query and
 * each event of a subscription gets an object of its own.
 */
export interface GraphQLContext extends GraphQLServices {
  /** An answer may depend on this of a viewer, and on nothing else: subscribers share answers. */
  readonly permissionClass: PermissionClass;
  /** Who asks. Of a query alone: the events of a subscription are of nobody. */
  readonly viewer: () => Pick<Viewer, 'name' | 'rights'>;
  /** Where a subscription to recognitions gets its events from. */
  readonly subscribe: (request: SubscriptionRequest) => AsyncIterable<Delivery>;
  /** Where a subscription to alarms gets them from. */
  readonly followAlarms: (request: AlarmRequest) => AsyncIterable<AlarmView>;
  /** Does it in the viewer's name, if the viewer may, and returns the alarm as it is now. */
  readonly answerAlarm: (answer: AlarmAnswer) => Promise<AlarmView>;
  /** Erases in the viewer's name, if the viewer may. */
  readonly erase: (target: ErasureTarget) => Promise<ErasureReport>;
  /**
   * Asked before a picture's base64 is fetched for the answer, with its length in bytes; throws
   * when that is too much. Undefined: any length will do.
   */
  readonly admitBase64?: (byteLength: number) => void;
  /**
   * Given each list of the directory, and each page, before its items are completed; throws when
   * the answer would hold too many. Undefined: lists are completed as they are.
   */
  readonly list?: BoundedList;
  /** Aborted when there will be no answer: nobody waits for it, or it takes too long. */
  readonly signal?: AbortSignal;
  /** Told of each page of the history that the answer has: its filter as it was asked for, its events. */
  readonly historyRead?: (filter: EventFilter, events: number) => void;
  /** What was counted for the answer, by its filter: asked twice, it is counted once. */
  readonly counted?: Map<string, Promise<number>>;
  /** The text that the answer has for a picture's base64. */
  readonly pictureText: (picture: Picture) => string;
  /**
   * One event alone has nothing to look up in batches: what it refers to is answered at once,
   * from the directory. Otherwise the loaders answer.
   */
  readonly isImmediate: boolean;
}
