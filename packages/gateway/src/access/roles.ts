import { EVERYTHING, FIELD_GROUPS, type RoleConfig } from '../config/access.ts';
import { type Grant, PermissionClass } from './permission-class.ts';
import type { Rights, Viewer } from './viewer.ts';

const EVERYTHING_ROLE: RoleConfig = {
  fields: FIELD_GROUPS,
  historyMs: Infinity,
  mayErase: true,
  mayReadMetrics: true,
  mayAnswer: true,
  mayExport: true,
  operations: 'all',
};

/** Combinations of roles whose classes are remembered, beside single roles; the first made is forgotten for one more. */
const MAX_CLASSES = 10_000;

export interface RolesOptions {
  readonly roles: ReadonlyMap<string, RoleConfig>;
  /**
   * Told of the roles of a holder when the configuration has none of them, so that they allow
   * nothing. Beside a role that it has, others are usual: issuers add roles of their own.
   */
  readonly unknownRoles?: (roles: readonly string[]) => void;
}

/** What roles allow: several add up. */
export class Roles {
  readonly #roles: ReadonlyMap<string, RoleConfig>;
  readonly #unknownRoles: (roles: readonly string[]) => void;
  readonly #classes = new Map<string, PermissionClass>();
  /** By the names of roles, as JSON. */
  readonly #allowed = new Map<string, Pick<Viewer, 'permissionClass' | 'rights'>>();
  /** The keys of those that are no single role's, oldest first. */
  #combined: string[] = [];

  constructor({ roles, unknownRoles = () => {} }: RolesOptions) {
    this.#roles = roles;
    this.#unknownRoles = unknownRoles;
    // Pictures' addresses of before a restart are good as long as their class can be.
    this.#intern([EVERYTHING_ROLE]);
    for (const role of roles.values()) this.#intern([role]);
    this.#combined = [];
  }

  /** What the holder of these roles may see and do. */
  allowing(names: readonly string[]): Pick<Viewer, 'permissionClass' | 'rights'> {
    const key = JSON.stringify(names);
    if (!names.some((name) => name === EVERYTHING || this.#roles.has(name)))
      this.#unknownRoles(names);
    const known = this.#allowed.get(key);
    if (known) return known;
    const allowed = this.#allow(names);
    this.#allowed.set(key, allowed);
    const [oldest] = this.#allowed.size > MAX_CLASSES ? this.#allowed.keys() : [];
    if (oldest !== undefined) this.#allowed.delete(oldest);
    return allowed;
  }

  #allow(names: readonly string[]): Pick<Viewer, 'permissionClass' | 'rights'> {
    const roles = names.flatMap((name) => {
      const role = name === EVERYTHING ? EVERYTHING_ROLE : this.#roles.get(name);
      return role ? [role] : [];
    });
    return { permissionClass: this.#intern(roles), rights: rightsOf(roles) };
  }

  /** The class that has this key; undefined when no holder of roles that are known has it. */
  classOf(key: string): PermissionClass | undefined {
    return this.#classes.get(key);
  }

  #intern(grants: readonly Grant[]): PermissionClass {
    const made = new PermissionClass(grants);
    const known = this.#classes.get(made.key);
    if (known) return known;
    this.#classes.set(made.key, made);
    this.#combined.push(made.key);
    const oldest = this.#combined.length > MAX_CLASSES ? this.#combined.shift() : undefined;
    if (oldest !== undefined) this.#classes.delete(oldest);
    return made;
  }
}

const rightsOf = (roles: readonly RoleConfig[]): Rights => ({
  erase: roles.some(({ mayErase }) => mayErase),
  metrics: roles.some(({ mayReadMetrics }) => mayReadMetrics),
  answer: roles.some(({ mayAnswer }) => mayAnswer),
  export: roles.some(({ mayExport }) => mayExport),
  anyOperation: roles.some(({ operations }) => operations === 'all'),
});

const everything = new Roles({ roles: new Map() }).allowing([EVERYTHING]);

/** Sees everything that there is. */
export const UNLIMITED = everything.permissionClass;

/** Whoever asks a gateway that needs no credential. */
export const OPEN_VIEWER: Viewer = {
  kind: 'open',
  name: 'anybody',
  roles: [EVERYTHING],
  ...everything,
  // Who nobody asked for a credential would forget keys for ever.
  rights: { ...everything.rights, erase: false },
};
