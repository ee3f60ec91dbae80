import { digestOf } from '../canonical-json.ts';
import type { AccessConfig, IssuerConfig } from '../config/access.ts';
import { Roles } from './roles.ts';

/**
 * Numbers that say what holds for the holders of each permission class: who they can be, and who of
 * them is denied. What was handed out to them under another number, such as the address of a
 * picture, is no longer good.
 *
 * A number follows from the configuration and the denied credentials alone: it is the same after a
 * restart, and on each gateway of a cluster. It is not to be shown: guesses at them could be tried.
 */
export class Generations {
  readonly #ofAll: number;
  /** Of the classes that tokens of the configuration have. */
  readonly #byClass: ReadonlyMap<string, number>;

  constructor(access: AccessConfig, denied: ReadonlySet<string>) {
    if (access.kind === 'open') {
      this.#ofAll = numberOf([]);
      this.#byClass = new Map();
      return;
    }
    const { issuers } = access;
    const tokens = inOrder(access.tokens, ({ name }) => name);
    const names = new Set(tokens.map(({ name }) => name));
    // Which roles the holders of JSON Web Tokens have is not known, nor whose `jti` or `sub` an entry
    // is, or may be: it may be any class.
    const hasIssuers = issuers.length > 0;
    const deniedToAny = [...denied].filter((entry) => hasIssuers || !names.has(entry));
    this.#ofAll = numberOf([
      hasIssuers ? inOrder([...access.roles], ([name]) => name) : [],
      inOrder(issuers, ({ issuer }) => issuer).map(withoutPath),
      deniedToAny.toSorted(),
    ]);
    const roles = new Roles(access);
    const byClass = Map.groupBy(tokens, (token) => roles.allowing(token.roles).permissionClass.key);
    this.#byClass = new Map(
      [...byClass].map(([key, held]) => [
        key,
        numberOf(held.map((token) => [token, denied.has(token.name)])),
      ]),
    );
  }

  /** From 0 to 2³² - 1. */
  of(classKey: string): number {
    return (this.#ofAll + (this.#byClass.get(classKey) ?? 0)) % 2 ** 32;
  }
}

/** Gateways may have the same file in different places. */
const withoutPath = ({ keys, ...issuer }: IssuerConfig) =>
  keys.kind === 'file' ? issuer : { ...issuer, keys };

const inOrder = <Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] =>
  items.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));

const numberOf = (value: unknown): number =>
  Buffer.from(digestOf(value), 'base64url').readUInt32BE();
