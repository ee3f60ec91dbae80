import type { PermissionClass } from '../access/permission-class.ts';
import type { PictureWant } from '../fleet/demand.ts';
import type { EventRecord } from '../journal/journal.ts';
import { permittedWants } from './permitted-wants.ts';
import { RoutingIndex } from './routing-index.ts';
import { type ResponseExecutor, Shape } from './shape.ts';
import { shapeKey } from './shape-key.ts';
import { type SharedRoute, SharedRoutes } from './shared-routes.ts';
import { SubscriptionGroup } from './subscription-group.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

interface ShapeEntry {
  readonly shape: Shape;
  readonly groups: Map<SharedRoute, SubscriptionGroup>;
}

export interface SubscriptionGroupRequest extends SubscriptionRequest {
  readonly executor: ResponseExecutor;
  /** What all of the group may see. */
  readonly permissionClass: PermissionClass;
}

/** The groups that have subscriptions. */
export class SubscriptionGroups {
  readonly #demand: { acquire(want: PictureWant): Disposable };
  readonly #shapes = new Map<string, ShapeEntry>();
  readonly #routes = new SharedRoutes();
  readonly #index = new RoutingIndex<SubscriptionGroup>();

  constructor(demand: { acquire(want: PictureWant): Disposable }) {
    this.#demand = demand;
  }

  /** How many groups were looked at, for all events together. */
  get candidatesExamined(): number {
    return this.#index.candidatesExamined;
  }

  /** The group for this request, which has one subscription more now. */
  join(request: SubscriptionGroupRequest): SubscriptionGroup {
    const { executor, permissionClass, deviceIds, filter = {} } = request;
    const key = shapeKey(executor.operation, permissionClass.key);
    let entry = this.#shapes.get(key);
    if (!entry) {
      entry = { shape: new Shape(key, request), groups: new Map() };
      this.#shapes.set(key, entry);
    }
    const route = this.#routes.acquire(deviceIds, permissionClass.live(filter));
    let group = entry.groups.get(route);
    if (group) {
      this.#routes.release(route);
    } else {
      group = new SubscriptionGroup(entry.shape, route);
      this.#open(group, entry, request);
    }
    group.size += 1;
    return group;
  }

  /** One subscription less. */
  leave(group: SubscriptionGroup): void {
    group.size -= 1;
    if (group.size > 0) return;
    this.#index.delete(group);
    this.#routes.release(group.route);
    for (const demand of group.demand) demand[Symbol.dispose]();
    const entry = this.#shapes.get(group.shape.key);
    entry?.groups.delete(group.route);
    if (entry?.groups.size === 0) this.#shapes.delete(group.shape.key);
  }

  /** Those that want the event. */
  matching(record: EventRecord): readonly SubscriptionGroup[] {
    return this.#index.matching(record);
  }

  *[Symbol.iterator](): Generator<SubscriptionGroup> {
    for (const { groups } of this.#shapes.values()) yield* groups.values();
  }

  #open(group: SubscriptionGroup, { groups }: ShapeEntry, request: SubscriptionGroupRequest): void {
    groups.set(group.route, group);
    this.#index.add(group);
    if (!request.withImages) return;
    for (const want of permittedWants(group, request, request.permissionClass)) {
      group.demand.push(this.#demand.acquire(want));
    }
  }
}
