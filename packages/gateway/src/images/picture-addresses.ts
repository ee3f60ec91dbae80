import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { KeySecret } from './image-keys.ts';
import type { ImageKey } from './image-store.ts';

/** The permission classes that pictures may be shown to, by `PermissionClass.key`. */
export interface PictureClasses {
  /**
   * A whole number, another one when a credential of the class is revoked: addresses of before are
   * good no more. Undefined for a class that no role gives.
   */
  generationOf(classKey: string): number | undefined;
}

export interface PictureAddressesOptions {
  /** Whose `secret` signs. It is read anew each time: a folder may be opened late. */
  readonly store: { readonly secret: KeySecret };
  readonly classes: PictureClasses;
  /** How long an address is good at least, in ms; at most half as long again. */
  readonly lifeMs: number;
  /** Where clients see the gateway, without a slash at the end. Default: addresses are relative. */
  readonly publicUrl?: string | undefined;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
}

/** What an address comes to. */
export type OpenedAddress =
  /** @property leftMs is how long the address is good from now on. */
  | {
      readonly kind: 'good';
      readonly key: ImageKey;
      /** Of the permission class that it was made for. */
      readonly classKey: string;
      readonly leftMs: number;
    }
  /** The gateway has not made it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' }
  /** The class is given no more, or has another generation. */
  | { readonly kind: 'revoked' };

/** The path that addresses begin with. */
export const PICTURES_PATH = '/images/';

/**
 * `<key>.<class>.<generation>.<expiry>.<mac>`: the expiry in seconds since the Unix epoch, the MAC
 * the first 132 bits of an HMAC-SHA-256 over all that is ahead of it, in base64url. The generation is
 * 32 bits of another: nothing can be tried out on it that it was made from.
 */
const FORM = /^(([\w-]{43})\.([\w-]{16})\.(\d{1,15})\.(\d{1,12}))\.([\w-]{22})$/;

const MAC_LENGTH = 22;

/**
 * Makes and opens the addresses of pictures. An address names a picture, the permission class that
 * may see it and an expiry, and is signed: nobody can make one, or change one.
 *
 * Expiries are multiples of half the life, so that addresses are equal for all of a class who ask
 * about a picture within that time.
 */
export class PictureAddresses {
  readonly #store: PictureAddressesOptions['store'];
  readonly #classes: PictureClasses;
  readonly #base: string;
  readonly #now: () => number;
  readonly #lifeS: number;
  readonly #stepS: number;
  #signing: { readonly secret: KeySecret; readonly key: KeyObject } | undefined;

  constructor({ store, classes, lifeMs, publicUrl = '', now }: PictureAddressesOptions) {
    this.#store = store;
    this.#classes = classes;
    this.#base = publicUrl + PICTURES_PATH;
    this.#now = now;
    this.#lifeS = lifeMs / 1_000;
    this.#stepS = Math.max(1, Math.round(this.#lifeS / 2));
  }

  /** When an address that is made now expires, in seconds since the Unix epoch. */
  get expiry(): number {
    return Math.ceil((this.#now() / 1_000 + this.#lifeS) / this.#stepS) * this.#stepS;
  }

  /** The address to show to clients, relative or under `publicUrl`. */
  of(key: ImageKey, classKey: string, expiry: number): string {
    const claims = `${key}.${classKey}.${this.#generationOf(classKey) ?? 0}.${expiry}`;
    return `${this.#base}${claims}.${this.#macOf(claims)}`;
  }

  /** @param path what follows `PICTURES_PATH`; any text. */
  open(path: string): OpenedAddress {
    const [, claims, key, classKey, generation, expiry, mac] = FORM.exec(path) ?? [];
    if (claims === undefined || mac === undefined || classKey === undefined) return UNKNOWN;
    if (!isEqual(mac, this.#macOf(claims))) return UNKNOWN;
    const leftMs = Number(expiry) * 1_000 - this.#now();
    if (leftMs <= 0) return { kind: 'expired' };
    if (this.#generationOf(classKey) !== Number(generation)) return { kind: 'revoked' };
    return { kind: 'good', key: key as ImageKey, classKey, leftMs };
  }

  #generationOf(classKey: string): number | undefined {
    const generation = this.#classes.generationOf(classKey);
    if (generation === undefined) return undefined;
    return this.#hmacOf(`generation ${generation}`).readUInt32BE();
  }

  #macOf(claims: string): string {
    return this.#hmacOf(claims).toString('base64url').slice(0, MAC_LENGTH);
  }

  #hmacOf(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  get #key(): KeyObject {
    const { secret } = this.#store;
    if (this.#signing?.secret !== secret) this.#signing = { secret, key: signingKeyOf(secret) };
    return this.#signing.key;
  }
}

const UNKNOWN: OpenedAddress = { kind: 'unknown' };

/** A key of its own: what is known of addresses says nothing of the names of pictures. */
const signingKeyOf = (secret: KeySecret): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', 'se5 picture addresses', 32)));

/** In a time that does not tell where texts of equal length differ. */
const isEqual = (text: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(text, 'latin1'), Buffer.from(other, 'latin1'));
