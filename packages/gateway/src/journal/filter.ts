import type { PersonType } from '@se5/core';
import { isBareId } from '../config/bare-id.ts';
import type { AlarmId } from './alarm/alarm.ts';
import type { Recognition } from './recognition.ts';

/** Which events: a list that is undefined means any, an empty one none. Times in ms since the Unix epoch. */
export interface EventFilter {
  readonly siteIds?: readonly string[];
  readonly boxIds?: readonly string[];
  /**
   * Ids over all boxes (`<box id>/<device id>`), or a box's own, which means the device on every
   * box that has it. An id with a slash is always the first kind; see `oneOfDevices`.
   */
  readonly deviceIds?: readonly string[];
  readonly personTypes?: readonly PersonType[];
  readonly identityIds?: readonly string[];
  readonly groupNames?: readonly string[];
  /** Compared with `similarity`, 0 to 1; at least. */
  readonly minSimilarity?: number;
  /** By `occurredAt`; from is inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Events of this alarm. Only a journal knows them: `compileFilter` takes any. */
  readonly alarm?: AlarmId;
  /** Beside all else, an event must be within one of these: what the viewer may see. */
  readonly scopes?: readonly EventScope[];
}

/** A part of all events. Lists mean the same as in a filter. */
export interface EventScope
  extends Pick<EventFilter, 'siteIds' | 'boxIds' | 'deviceIds' | 'personTypes'> {
  /** The least `receivedAt`. */
  readonly since?: number;
}

export type EventPredicate = (event: Recognition) => boolean;

/** The filter as a function; what it costs does not grow with the lists. */
export function compileFilter(filter: EventFilter): EventPredicate {
  const { minSimilarity = -Infinity, from = -Infinity, to = Infinity } = filter;
  const isSite = oneOf(filter.siteIds);
  const isBox = oneOf(filter.boxIds);
  const isDevice = oneOfDevices(filter.deviceIds);
  const isPersonType = oneOf(filter.personTypes);
  const isIdentity = oneOf(filter.identityIds);
  const isGroup = oneOf(filter.groupNames);
  const isWithin = withinOneOf(filter.scopes);
  return (event) =>
    isDevice(event.boxId, event.deviceId) &&
    isBox(event.boxId) &&
    isSite(event.siteId) &&
    isPersonType(event.personType) &&
    isIdentity(event.identityId) &&
    isGroup(event.groupName) &&
    event.similarity >= minSimilarity &&
    event.occurredAt >= from &&
    event.occurredAt < to &&
    isWithin(event);
}

/** Whether an event is within one of the scopes; any is when there is no list. */
export function withinOneOf(
  scopes: readonly EventScope[] | undefined,
): (event: EventPlace) => boolean {
  if (!scopes) return () => true;
  const predicates = scopes.map(compileScope);
  return (event) => predicates.some((isWithin) => isWithin(event));
}

export type EventPlace = Pick<
  Recognition,
  'siteId' | 'boxId' | 'deviceId' | 'personType' | 'receivedAt'
>;

export function compileScope(scope: EventScope): (event: EventPlace) => boolean {
  const { since = -Infinity } = scope;
  const isSite = oneOf(scope.siteIds);
  const isBox = oneOf(scope.boxIds);
  const isDevice = oneOfDevices(scope.deviceIds);
  const isPersonType = oneOf(scope.personTypes);
  return (event) =>
    isSite(event.siteId) &&
    isBox(event.boxId) &&
    isPersonType(event.personType) &&
    isDevice(event.boxId, event.deviceId) &&
    event.receivedAt >= since;
}

/** Whether a value is in the list; any is when there is no list. */
export function oneOf(list: readonly string[] | undefined): (value: string) => boolean {
  if (!list) return () => true;
  const values = new Set(list);
  return (value) => values.has(value);
}

/**
 * The same for devices, which the list may name in full or by their box's own id.
 *
 * An own id with a slash can only be named in full: else a box that calls its device
 * `other-box/gate` would be taken for the other box.
 */
export function oneOfDevices(
  list: readonly string[] | undefined,
): (boxId: string, deviceId: string) => boolean {
  if (!list) return () => true;
  const isListed = oneOf(list);
  return (boxId, deviceId) =>
    isListed(`${boxId}/${deviceId}`) || (isBareId(deviceId) && isListed(deviceId));
}
