import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import { type EventFilter, oneOfDevices } from '../journal/filter.ts';
import type { EventRecord } from '../journal/journal.ts';
import type { Member } from './member.ts';
import { compileRoute, type Route } from './route.ts';
import type { RoutingTarget } from './routing-index.ts';
import type { Shape } from './shape.ts';
import type { SharedFilter } from './shared-filters.ts';

/** Those who want the same answers to the same events. */
export class Group implements RoutingTarget {
  /** Among the groups of its shape. */
  readonly key: string;
  readonly shape: Shape;
  readonly deviceIds: readonly string[] | undefined;
  readonly sharedFilter: SharedFilter;
  /** Its members that get events as they happen. */
  readonly live = new Set<Member>();
  /** Pictures are asked of boxes as long as it has members. */
  demand: Disposable | undefined;
  /** How many members it has, live or not. */
  size = 0;
  #route: Route | undefined;
  #isWanted: ((boxId: string, deviceId: string) => boolean) | undefined;

  constructor(
    key: string,
    shape: Shape,
    deviceIds: readonly string[] | undefined,
    sharedFilter: SharedFilter,
  ) {
    this.key = key;
    this.shape = shape;
    this.deviceIds = deviceIds;
    this.sharedFilter = sharedFilter;
  }

  get filter(): EventFilter {
    return this.sharedFilter.filter;
  }

  passes(record: EventRecord): boolean {
    return this.sharedFilter.passes(record);
  }

  /** Everything that the members said about which events. */
  wants(record: EventRecord): boolean {
    this.#isWanted ??= oneOfDevices(this.deviceIds);
    return this.#isWanted(record.event.boxId, record.event.deviceId) && this.passes(record);
  }

  /** Whether events of a box with these devices may be for the group. */
  readonly reaches = (box: BoxEntry, devices: readonly DeviceEntry[]): boolean => {
    this.#route ??= compileRoute(this.deviceIds, this.filter);
    return this.#route(box, devices);
  };
}
