import { ownTargetsOf, targetsOf } from './host.ts';
import { parseListen } from './listen.ts';
import { keyOf, type Violation } from './problems.ts';

type Path = Violation['path'];

interface Box {
  readonly id?: string | undefined;
  readonly host?: string | undefined;
  /** Undefined when it is none. */
  readonly eventPort?: number | undefined;
  readonly apiPort?: number | undefined;
  readonly devices: readonly (string | undefined)[];
}

type Sites = readonly { readonly id?: string | undefined; readonly boxes: readonly Box[] }[];

const boxesOf = (sites: Sites): readonly { readonly box: Box; readonly path: Path }[] =>
  sites.flatMap(({ boxes }, site) =>
    boxes.map((box, index) => ({ box, path: ['sites', site, 'boxes', index] })),
  );

/**
 * Ids that are another's, whatever its kind: caches of clients know an object by its id. A device
 * has its box in its id, so that each box may name devices as it likes, but only once.
 */
export function repeatedIds(sites: Sites): Violation[] {
  const boxes = boxesOf(sites);
  const owners = new Map<string, Path>();
  const takenBy = (id: string | undefined, path: Path): Violation[] => {
    const owner = id === undefined ? undefined : owners.get(id);
    if (id !== undefined && owner === undefined) owners.set(id, path);
    return owner === undefined ? [] : [taken(id, path, owner)];
  };
  return [
    ...sites.flatMap(({ id }, site) => takenBy(id, ['sites', site, 'id'])),
    ...boxes.flatMap(({ box, path }) => takenBy(box.id, [...path, 'id'])),
    ...boxes.flatMap(({ box: { devices }, path }) =>
      devices.flatMap((id, index) => {
        const first = devices.indexOf(id);
        if (id === undefined || first === index) return [];
        return [taken(id, [...path, 'devices', index], [...path, 'devices', first])];
      }),
    ),
  ];
}

const taken = (id: string | undefined, path: Path, owner: Path): Violation => ({
  path,
  message:
    `found ${JSON.stringify(id)}, but ${keyOf(owner)} is the same; ` +
    'each site, each box and each device of a box needs an id of its own: change one of them',
});

/**
 * Addresses of boxes that are another's, however they are spelled: two boxes at one port are one
 * box, whose events would come twice. The gateway itself is no box.
 */
export function repeatedAddresses(sites: Sites, listen: string | undefined): Violation[] {
  const owners = new Map<string, Path>();
  const own = listen === undefined ? undefined : parseListen(listen);
  for (const target of own ? ownTargetsOf(own.host) : []) {
    owners.set(`${target} ${own?.port}`, ['listen']);
  }
  return boxesOf(sites).flatMap(({ box, path }) => {
    const { host } = box;
    return (['eventPort', 'apiPort'] as const).flatMap((key): Violation[] => {
      const port = box[key];
      if (host === undefined || port === undefined) return [];
      const addresses = targetsOf(host).map((target) => `${target} ${port}`);
      const owner = addresses.map((address) => owners.get(address)).find((taken) => taken);
      if (owner === undefined) {
        for (const address of addresses) owners.set(address, [...path, key]);
        return [];
      }
      const message =
        `found port ${port} of ${JSON.stringify(host)}, but ${keyOf(owner)} is the same; ` +
        'each box needs two ports of its own: correct the host or the port';
      return [{ path: [...path, key], message }];
    });
  });
}
