import type { DeviceId } from '@se5/core';
import type { PermissionClass } from '../access/permission-class.ts';
import { isBareId } from '../config/bare-id.ts';
import type { BoxId } from '../config/ids.ts';
import type {
  BoxEntry,
  BoxStatus,
  DeviceEntry,
  Directory,
  GlobalDeviceId,
  Site,
} from '../fleet/directory.ts';
import { type EventScope, oneOf, oneOfDevices } from '../journal/filter.ts';

/** The directory as each class may see it: what it may not see is not there. */
export function permittedDirectories(
  directory: Directory,
): (permissionClass: PermissionClass) => Directory {
  const made = new WeakMap<PermissionClass, Directory>();
  return (permissionClass) => {
    const { scopes } = permissionClass;
    if (scopes === undefined) return directory;
    const known = made.get(permissionClass) ?? new PermittedDirectory(directory, scopes);
    made.set(permissionClass, known);
    return known;
  };
}

/** The sites of the directory where some events may be within the scope. */
export const sitesWithin = (directory: Directory, scope: EventScope): readonly Site[] =>
  new PermittedDirectory(directory, [scope]).sites;

interface CompiledScope {
  readonly isPlace: (box: BoxEntry) => boolean;
  /** Whether it is for all devices of a place. */
  readonly hasAllDevices: boolean;
  readonly isDevice: (boxId: string, deviceId: string) => boolean;
  /** Whether one of its devices is named in full, as one of this box. */
  readonly namesDeviceOf: (boxId: string) => boolean;
  readonly hasAllPersonTypes: boolean;
}

/**
 * A box is there when one of its devices may be; a site when one of its boxes is. What counts
 * events, or says when the last one came, is there where the class may see all of them.
 */
class PermittedDirectory implements Directory {
  readonly #directory: Directory;
  readonly #scopes: readonly CompiledScope[];

  constructor(directory: Directory, scopes: readonly EventScope[]) {
    this.#directory = directory;
    this.#scopes = scopes.map(compile);
  }

  get sites(): readonly Site[] {
    const seen = new Set<string>(this.boxes.map(({ siteId }) => siteId));
    return this.#directory.sites.filter(({ id }) => seen.has(id));
  }

  site(id: string): Site | undefined {
    return this.sites.find((site) => site.id === id);
  }

  get boxes(): readonly BoxEntry[] {
    return this.#directory.boxes.filter((box) => this.#sees(box));
  }

  box(id: string): BoxEntry | undefined {
    const box = this.#directory.box(id);
    return box && this.#sees(box) ? box : undefined;
  }

  devices(boxId: BoxId): readonly DeviceEntry[] {
    return this.#permitted(boxId, this.#directory.devices(boxId));
  }

  knownDevices(boxId: BoxId): readonly DeviceEntry[] {
    return this.#permitted(boxId, this.#directory.knownDevices(boxId));
  }

  device(boxId: BoxId, deviceId: DeviceId): DeviceEntry {
    return this.#directory.device(boxId, deviceId);
  }

  findDevices(id: string): readonly DeviceEntry[] {
    return this.#directory
      .findDevices(id)
      .filter(({ boxId, deviceId }) => this.#seesDevice(boxId, deviceId));
  }

  lastEventAt(device: GlobalDeviceId): number | undefined {
    const [found] = this.#directory.findDevices(device);
    return found && this.#seesAllOf(found.boxId, found.deviceId)
      ? this.#directory.lastEventAt(device)
      : undefined;
  }

  status(boxId: BoxId): BoxStatus {
    const status = this.#directory.status(boxId);
    if (this.#seesAllOf(boxId)) return status;
    const { upSince } = status;
    return {
      ...status,
      // Whether it is silent, and since when, would tell of every event.
      ...(upSince !== undefined && { link: { name: 'LIVE', since: upSince } }),
      lastEventAt: undefined,
      clockOffsetMs: undefined,
      backfill: undefined,
    };
  }

  gatewayOf(boxId: BoxId): string | undefined {
    return this.#directory.gatewayOf(boxId);
  }

  onStatus(listener: (status: BoxStatus) => void): Disposable {
    const told = new Map(this.boxes.map(({ id }) => [id, JSON.stringify(this.status(id))]));
    return this.#directory.onStatus(({ boxId }) => {
      if (!this.box(boxId)) return;
      const status = this.status(boxId);
      const text = JSON.stringify(status);
      if (told.get(boxId) === text) return;
      told.set(boxId, text);
      listener(status);
    });
  }

  onDevices(listener: (boxId: BoxId) => void): Disposable {
    return this.#directory.onDevices((boxId) => {
      if (this.box(boxId)) listener(boxId);
    });
  }

  #permitted(boxId: BoxId, devices: readonly DeviceEntry[]): readonly DeviceEntry[] {
    return devices.filter(({ deviceId }) => this.#seesDevice(boxId, deviceId));
  }

  #sees(box: BoxEntry): boolean {
    return this.#scopes.some(
      (scope) =>
        scope.isPlace(box) &&
        (scope.hasAllDevices ||
          scope.namesDeviceOf(box.id) ||
          this.#directory
            .knownDevices(box.id)
            .some(({ deviceId }) => scope.isDevice(box.id, deviceId))),
    );
  }

  #seesDevice(boxId: BoxId, deviceId: DeviceId): boolean {
    const box = this.#directory.box(boxId);
    return (
      box !== undefined &&
      this.#scopes.some((scope) => scope.isPlace(box) && scope.isDevice(boxId, deviceId))
    );
  }

  /** Whether every event of the device, or of the whole box, may be seen. */
  #seesAllOf(boxId: BoxId, deviceId?: DeviceId): boolean {
    const box = this.#directory.box(boxId);
    return (
      box !== undefined &&
      this.#scopes.some(
        (scope) =>
          scope.hasAllPersonTypes &&
          scope.isPlace(box) &&
          (scope.hasAllDevices || (deviceId !== undefined && scope.isDevice(boxId, deviceId))),
      )
    );
  }
}

function compile({ siteIds, boxIds, deviceIds, personTypes }: EventScope): CompiledScope {
  const isSite = oneOf(siteIds);
  const isBox = oneOf(boxIds);
  return {
    isPlace: (box) => isSite(box.siteId) && isBox(box.id),
    hasAllDevices: deviceIds === undefined,
    isDevice: oneOfDevices(deviceIds),
    namesDeviceOf: (boxId) =>
      deviceIds?.some((id) => !isBareId(id) && id.startsWith(`${boxId}/`)) ?? false,
    hasAllPersonTypes: personTypes === undefined,
  };
}
