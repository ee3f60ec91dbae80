import { membersOf } from './members-of.ts';

/** What a role may hide of an event. */
export type Hidden = 'identity' | 'face' | 'scene' | 'registered';

/** One of the views that the wall offers. */
export interface Role {
  /** In the page's address. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly hidden: ReadonlySet<Hidden>;
  /** Of its gateway. */
  readonly url: string;
  /** Of gateways that have the same, for when that one is away. */
  readonly others: readonly string[];
  /** Undefined: what the user has typed, if anything. */
  readonly token: string | undefined;
}

/** The first is where a page begins. */
export type Roles = readonly [Role, ...Role[]];

/** Where the page's server offers no roles: all that its gateway shows. */
const onlyRole = (own: string): Role => ({
  id: 'all',
  name: 'All',
  description: '',
  hidden: new Set(),
  url: own,
  others: [],
  token: undefined,
});

/** Where the page's own gateway is: where the page is, which may be below a path of a proxy. */
export const ownGateway = (): string => new URL('.', location.href).href.replace(/\/$/, '');

/** What the page's server offers. */
export async function readRoles(): Promise<Roles> {
  const own = ownGateway();
  try {
    const response = await fetch(`${own}/roles.json`);
    return parseRoles(response.ok ? await response.json() : [], own);
  } catch {
    // The server is away, or has another page at this address; the connection's state tells.
    return [onlyRole(own)];
  }
}

/** What is no role is left out. @param own the page's gateway. */
export function parseRoles(value: unknown, own: string): Roles {
  const [first, ...others] = (Array.isArray(value) ? value : []).flatMap((each: unknown) => {
    const role = parseRole(each, own);
    return role ? [role] : [];
  });
  return first ? [first, ...others] : [onlyRole(own)];
}

function parseRole(value: unknown, own: string): Role | undefined {
  const { id, name, description, hidden, gateway, alsoAt } = membersOf(value);
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  const { port, token } = membersOf(gateway);
  const isOther = typeof port === 'number' && typeof token === 'string';
  return {
    id,
    name,
    description: typeof description === 'string' ? description : '',
    hidden: new Set(HIDDEN.filter((field) => Array.isArray(hidden) && hidden.includes(field))),
    url: isOther ? atPort(own, port) : own,
    others: (Array.isArray(alsoAt) ? alsoAt : []).flatMap((each: unknown) =>
      typeof each === 'number' ? [atPort(own, each)] : [],
    ),
    token: isOther ? token : undefined,
  };
}

/** It is below no path, wherever this one is. */
const atPort = (own: string, port: number): string =>
  new URL(own).origin.replace(/(?::\d+)?$/, `:${port}`);

const HIDDEN = ['identity', 'face', 'scene', 'registered'] as const satisfies readonly Hidden[];
