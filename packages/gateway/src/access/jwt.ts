import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { digestOf } from '../canonical-json.ts';
import { EVERYTHING, type IssuerConfig } from '../config/access.ts';
import { type KeySource, KeysUnavailable, openKeys, RETRY_MS } from './issuer-keys.ts';

/** Of a token, in characters: as long as all headers of a request may be. */
const MAX_LENGTH = 16_384;

/** What a token says that its issuer has signed. */
export interface TokenClaims {
  readonly subject: string;
  readonly tokenId: string | undefined;
  readonly roles: readonly string[];
  /** In ms since the Unix epoch, with the leeway. */
  readonly expiresAt: number;
}

export type Verification =
  | { readonly kind: 'right' | 'expired'; readonly claims: TokenClaims }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'unavailable'; readonly retryAfterS: number };

export interface IssuerObserver {
  /** The keys of an issuer could not be had. */
  readonly issuerUnavailable: (issuer: string, error: unknown) => void;
  /** A token of an issuer was refused; `reason` is a code of jose, and the claim if it was one. */
  readonly tokenRefused: (issuer: string, reason: string) => void;
}

export interface IssuerOptions {
  readonly observer: IssuerObserver;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
  /** Of elapsed time, in ms. */
  readonly elapsed: () => number;
  /** As for a `WatchedFile`. */
  readonly pollMs?: number | undefined;
}

/** Equal where tokens are verified in the same way. */
export const voucherOf = (config: IssuerConfig): string => digestOf(config);

/** Verifies the JSON Web Tokens of one issuer (RFC 7519, RFC 8725). */
export class Issuer implements Disposable {
  readonly name: string;
  /** Digest of the configuration by which tokens are verified. */
  readonly voucher: string;
  readonly #config: IssuerConfig;
  readonly #keys: KeySource;
  readonly #options: IssuerOptions;

  private constructor(config: IssuerConfig, keys: KeySource, options: IssuerOptions) {
    this.name = config.issuer;
    this.voucher = voucherOf(config);
    this.#config = config;
    this.#keys = keys;
    this.#options = options;
  }

  static async open(config: IssuerConfig, options: IssuerOptions): Promise<Issuer> {
    const { observer, elapsed, pollMs } = options;
    const failed = (error: unknown) => observer.issuerUnavailable(config.issuer, error);
    return new Issuer(config, await openKeys(config.keys, { failed, elapsed, pollMs }), options);
  }

  async verify(token: string): Promise<Verification> {
    const { issuer, leewayMs, rolesClaim } = this.#config;
    try {
      const { kind, payload } = await this.#read(token);
      const { sub, jti, exp } = claimsSchema.parse(payload);
      const claims = {
        subject: sub,
        tokenId: jti,
        roles: rolesIn(payload, rolesClaim),
        expiresAt: Math.min(exp * 1_000 + leewayMs, LATEST_TIME),
      };
      return { kind, claims };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
        this.#options.observer.tokenRefused(issuer, reasonOf(error));
        return { kind: 'wrong' };
      }
      // A key that can't be used, one that is too short say, is no fault of the token.
      if (!(error instanceof KeysUnavailable)) {
        this.#options.observer.issuerUnavailable(issuer, error);
      }
      return { kind: 'unavailable', retryAfterS: RETRY_MS / 1_000 };
    }
  }

  [Symbol.dispose](): void {
    this.#keys[Symbol.dispose]();
  }

  /** @throws jose's errors, unless the token is right or only its time is over. */
  async #read(token: string): Promise<{ kind: 'right' | 'expired'; payload: JWTPayload }> {
    const { issuer, audience, algorithms, leewayMs } = this.#config;
    try {
      const { payload } = await jwtVerify(token, this.#keys.key, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: leewayMs / 1_000,
        currentDate: new Date(this.#options.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return { kind: 'right', payload };
    } catch (error) {
      // The expiry is looked at last, behind the signature.
      if (error instanceof errors.JWTExpired) return { kind: 'expired', payload: error.payload };
      throw error;
    }
  }
}

/** Whose token it says that it is; undefined for what is no JSON Web Token. */
export function claimedIssuer(token: string): string | undefined {
  if (token.length > MAX_LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined;
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    // Whatever a stranger has sent, it can't be decoded.
    return undefined;
  }
}

/** The last that a Date can be, in ms since the Unix epoch: some issuers say "never" by more. */
const LATEST_TIME = 8.64e15;

const claimsSchema = z.object({
  sub: z.string().min(1).max(256),
  jti: z.string().min(1).max(256).optional(),
  exp: z.number(),
});

/**
 * The names in a claim: a list of texts, or one text with spaces between names, as in `scope`.
 * None gives everything: that is not an issuer's to give.
 */
export function rolesIn(payload: unknown, path: readonly string[]): readonly string[] {
  const claim = path.reduce<unknown>(
    (parent, name) => (isObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined),
    payload,
  );
  const names = typeof claim === 'string' ? claim.split(' ') : claim;
  return rolesSchema.parse(names).filter((name) => name !== '' && name !== EVERYTHING);
}

/** What is no text among them names nothing. */
const rolesSchema = z.array(z.string().catch('')).catch([]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function reasonOf(error: errors.JOSEError | z.ZodError): string {
  if (error instanceof z.ZodError) return `claim ${error.issues[0]?.path.join('.') ?? ''}`;
  return error instanceof errors.JWTClaimValidationFailed
    ? `${error.code} ${error.claim}`
    : error.code;
}
