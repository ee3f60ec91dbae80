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
const onlyRole = (origin: string): Role => ({
  id: 'all',
  name: 'All',
  description: '',
  hidden: new Set(),
  url: origin,
  others: [],
  token: undefined,
});

/** What the page's server offers. */
export async function readRoles(): Promise<Roles> {
  const { origin } = location;
  try {
    const response = await fetch('/roles.json');
    return parseRoles(response.ok ? await response.json() : [], origin);
  } catch {
    // The server is away, or has another page at this address; the connection's state tells.
    return [onlyRole(origin)];
  }
}

/** What is no role is left out. @param origin the page's own. */
export function parseRoles(value: unknown, origin: string): Roles {
  const [first, ...others] = (Array.isArray(value) ? value : []).flatMap((each: unknown) => {
    const role = parseRole(each, origin);
    return role ? [role] : [];
  });
  return first ? [first, ...others] : [onlyRole(origin)];
}

function parseRole(value: unknown, origin: string): Role | undefined {
  const { id, name, description, hidden, gateway, alsoAt } = membersOf(value);
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  const { port, token } = membersOf(gateway);
  const isOther = typeof port === 'number' && typeof token === 'string';
  return {
    id,
    name,
    description: typeof description === 'string' ? description : '',
    hidden: new Set(HIDDEN.filter((field) => Array.isArray(hidden) && hidden.includes(field))),
    url: isOther ? atPort(origin, port) : origin,
    others: (Array.isArray(alsoAt) ? alsoAt : []).flatMap((each: unknown) =>
      typeof each === 'number' ? [atPort(origin, each)] : [],
    ),
    token: isOther ? token : undefined,
  };
}

const atPort = (origin: string, port: number): string => origin.replace(/(?::\d+)?$/, `:${port}`);

const HIDDEN = ['identity', 'face', 'scene', 'registered'] as const satisfies readonly Hidden[];

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
