import { digestOf } from '../canonical-json.ts';
import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import { type EventFilter, oneOfDevices } from '../journal/filter.ts';
import { compileRoute, type Route } from './route.ts';
import { asSet, type SharedFilter, SharedFilters } from './shared-filters.ts';

/** Routes that are held once for all who want the same events, whatever they are to look like. */
export class SharedRoutes {
  readonly #routes = new Map<string, SharedRoute>();
  readonly #filters = new SharedFilters();

  /** To be released. */
  acquire(deviceIds: readonly string[] | undefined, filter: EventFilter): SharedRoute {
    const ids = deviceIds && asSet(deviceIds);
    const sharedFilter = this.#filters.acquire(filter);
    const key = digestOf([ids, sharedFilter.key]);
    let route = this.#routes.get(key);
    if (route) {
      this.#filters.release(sharedFilter);
    } else {
      route = new SharedRoute(key, ids, sharedFilter);
      this.#routes.set(key, route);
    }
    route.users += 1;
    return route;
  }

  release(route: SharedRoute): void {
    route.users -= 1;
    if (route.users > 0) return;
    this.#routes.delete(route.key);
    this.#filters.release(route.sharedFilter);
  }
}

/** Which events a subscription is for. */
export class SharedRoute {
  /** As short as a digest, however much it names. */
  readonly key: string;
  readonly deviceIds: readonly string[] | undefined;
  readonly sharedFilter: SharedFilter;
  users = 0;
  #route: Route | undefined;
  #isWanted: ((boxId: string, deviceId: string) => boolean) | undefined;

  constructor(key: string, deviceIds: readonly string[] | undefined, sharedFilter: SharedFilter) {
    this.key = key;
    this.deviceIds = deviceIds;
    this.sharedFilter = sharedFilter;
  }

  /** What `deviceIds` say, and they alone. */
  wants(boxId: string, deviceId: string): boolean {
    this.#isWanted ??= oneOfDevices(this.deviceIds);
    return this.#isWanted(boxId, deviceId);
  }

  /** Whether events of a box with these devices may be among them. */
  reaches(box: BoxEntry, devices: readonly DeviceEntry[]): boolean {
    this.#route ??= compileRoute(this.deviceIds, this.sharedFilter.filter);
    return this.#route(box, devices);
  }
}
