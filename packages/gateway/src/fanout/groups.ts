import type { PictureWant } from '../fleet/demand.ts';
import type { EventRecord } from '../journal/journal.ts';
import { Group } from './group.ts';
import { RoutingIndex } from './routing-index.ts';
import { type Answering, Shape } from './shape.ts';
import { shapeKey } from './shape-key.ts';
import { type SharedRoute, SharedRoutes } from './shared-routes.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

interface ShapeEntry {
  readonly shape: Shape;
  readonly groups: Map<SharedRoute, Group>;
}

export interface GroupRequest extends SubscriptionRequest {
  readonly answering: Answering;
  /** Equal for viewers who may see the same. */
  readonly permissionClass: string;
}

/** The groups that have members. */
export class Groups {
  readonly #demand: { acquire(want: PictureWant): Disposable };
  readonly #shapes = new Map<string, ShapeEntry>();
  readonly #routes = new SharedRoutes();
  readonly #index = new RoutingIndex<Group>();

  constructor(demand: { acquire(want: PictureWant): Disposable }) {
    this.#demand = demand;
  }

  /** How many groups were looked at, for all events together. */
  get looks(): number {
    return this.#index.looks;
  }

  /** The group for this request, which has one member more now. */
  join(request: GroupRequest): Group {
    const { answering, permissionClass, deviceIds, filter = {}, withImages, detail } = request;
    const key = shapeKey(answering.operation, permissionClass);
    let entry = this.#shapes.get(key);
    if (!entry) {
      entry = { shape: new Shape(key, withImages, answering, detail), groups: new Map() };
      this.#shapes.set(key, entry);
    }
    const route = this.#routes.acquire(deviceIds, filter);
    let group = entry.groups.get(route);
    if (group) {
      this.#routes.release(route);
    } else {
      group = new Group(entry.shape, route);
      this.#open(group, entry, request);
    }
    group.size += 1;
    return group;
  }

  /** One member less. */
  leave(group: Group): void {
    group.size -= 1;
    if (group.size > 0) return;
    this.#index.delete(group);
    this.#routes.release(group.route);
    group.demand?.[Symbol.dispose]();
    const entry = this.#shapes.get(group.shape.key);
    entry?.groups.delete(group.route);
    if (entry?.groups.size === 0) this.#shapes.delete(group.shape.key);
  }

  /** Those that want the event. */
  matching(record: EventRecord): readonly Group[] {
    return this.#index.matching(record);
  }

  *[Symbol.iterator](): Generator<Group> {
    for (const { groups } of this.#shapes.values()) yield* groups.values();
  }

  #open(group: Group, { groups }: ShapeEntry, { withImages, pictures }: GroupRequest): void {
    groups.set(group.route, group);
    this.#index.add(group);
    if (!withImages || !(pictures.live || pictures.registered)) return;
    group.demand = this.#demand.acquire({ pictures, reaches: group.reaches });
  }
}
