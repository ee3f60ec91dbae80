import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { MachineClock } from '../world/machine-clock.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'se5-chaos';
const ALGORITHM = 'ES256';

/** How long a token lives: the typed client renews it twice in the shortest run. In ms. */
const LIFE_MS = 12_000;

/** Gives out JSON Web Tokens of a short life. */
export class Issuer {
  readonly #key: CryptoKey;
  readonly #jwks: string;
  readonly #clock: MachineClock;
  #issued = 0;

  private constructor(key: CryptoKey, jwks: string, clock: MachineClock) {
    this.#key = key;
    this.#jwks = jwks;
    this.#clock = clock;
  }

  /** @param clock of the machine with the gateway, which is the issuer's too. */
  static async create(clock: MachineClock): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
    const key = { ...(await exportJWK(publicKey)), alg: ALGORITHM, kid: '1' };
    return new Issuer(privateKey, JSON.stringify({ keys: [key] }), clock);
  }

  /** The public keys: what the file holds that the gateway reads. */
  get jwks(): string {
    return this.#jwks;
  }

  /** The entry of `access.jwt`. @param jwks the path of the file with the public keys. */
  configOf(jwks: string) {
    return { issuer: ISSUER, audience: AUDIENCE, algorithms: [ALGORITHM], jwks, roles: 'roles' };
  }

  /** How many tokens it has given out. */
  get issued(): number {
    return this.#issued;
  }

  /** A new token. */
  token(subject: string, role: string): Promise<string> {
    this.#issued += 1;
    return new SignJWT({ roles: [role] })
      .setProtectedHeader({ alg: ALGORITHM, kid: '1' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(subject)
      .setExpirationTime(new Date(this.#clock.latest + LIFE_MS))
      .sign(this.#key);
  }
}
