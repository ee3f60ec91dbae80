import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { EventRecord } from '../journal/journal.ts';
import type { RoutingTarget } from './routing-index.ts';
import type { Shape } from './shape.ts';
import type { SharedFilter } from './shared-filters.ts';
import type { SharedRoute } from './shared-routes.ts';
import type { Subscription } from './subscription.ts';

/** Those who want the same answers to the same events. */
export class SubscriptionGroup implements RoutingTarget {
  readonly shape: Shape;
  readonly route: SharedRoute;
  readonly deviceIds: readonly string[] | undefined;
  /** Its subscriptions that get events as they happen. */
  readonly live = new Set<Subscription>();
  /** Pictures are asked of boxes as long as it has subscriptions. */
  readonly demand: Disposable[] = [];
  /** How many subscriptions it has, live or not. */
  size = 0;
  readonly #sharedFilter: SharedFilter;

  constructor(shape: Shape, route: SharedRoute) {
    this.shape = shape;
    this.route = route;
    this.deviceIds = route.deviceIds;
    this.#sharedFilter = route.sharedFilter;
  }

  get filter(): EventFilter {
    return this.#sharedFilter.filter;
  }

  passes(record: EventRecord): boolean {
    return this.#sharedFilter.passes(record);
  }

  /** Everything that the subscriptions said about which events. */
  wants(record: EventRecord): boolean {
    return this.route.wants(record.event.boxId, record.event.deviceId) && this.passes(record);
  }

  /** Whether events of a box with these devices may be for the group. */
  readonly reaches = (box: BoxEntry, devices: readonly DeviceEntry[]): boolean =>
    this.route.reaches(box, devices);
}
