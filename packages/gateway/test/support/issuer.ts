import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { CredentialAccess, IssuerConfig, RoleConfig } from '../../src/config/access.ts';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Undefined: without the claim. */
export type TokenClaims = { readonly [Claim in keyof JWTPayload]?: JWTPayload[Claim] | undefined };

const AUDIENCE = 'se5';

/** An issuer of JSON Web Tokens that serves its public keys, on a port of its own. */
export class TestIssuer implements AsyncDisposable {
  readonly #server: Server;
  #keys: readonly SigningKey[] = [];
  /** How often its keys were asked for. */
  asked = 0;
  /** Answers with 500 instead of the keys. */
  isDown = false;

  private constructor() {
    this.#server = createServer((_, response) => {
      this.asked += 1;
      if (this.isDown) response.writeHead(500).end();
      else void this.jwks().then((text) => response.end(text));
    });
  }

  static async start(alg = 'ES256'): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await issuer.rotate('first', alg);
    issuer.#server.listen(0, '127.0.0.1');
    await once(issuer.#server, 'listening');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get key(): SigningKey {
    const [key] = this.#keys;
    if (!key) throw new Error('the issuer has no key');
    return key;
  }

  /** Its keys, as it serves them. */
  async jwks(): Promise<string> {
    const keys = this.#keys.map(async ({ kid, alg, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    }));
    return JSON.stringify({ keys: await Promise.all(keys) });
  }

  /** Signs with another key from now on. */
  async rotate(kid: string, alg = 'ES256'): Promise<void> {
    const pair = await generateKeyPair(alg, { extractable: true });
    this.#keys = [{ kid, alg, ...pair }];
  }

  /** How the gateway is told of it. */
  config(given: Partial<IssuerConfig> = {}): IssuerConfig {
    return {
      issuer: this.url,
      audience: AUDIENCE,
      keys: { kind: 'address', address: `${this.url}/jwks` },
      algorithms: ['ES256', 'RS256'],
      rolesClaim: ['roles'],
      leewayMs: 0,
      ...given,
    };
  }

  /** A token that is good for an hour from the second 1,000,000 on, but for what is given. */
  token(claims: TokenClaims = {}, key: SigningKey = this.key): Promise<string> {
    const payload = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'a-subject',
      exp: NOW_S + 3_600,
      roles: ['guard'],
      ...claims,
    };
    const present = Object.fromEntries(
      Object.entries(payload).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(present)
      .setProtectedHeader({ alg: key.alg, kid: key.kid })
      .sign(key.privateKey);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** When tests of tokens take place, in s and in ms since the Unix epoch. */
export const NOW_S = 1_000_000;
export const NOW_MS = NOW_S * 1_000;

/** Takes the tokens of these issuers. */
export const jwtAccess = (
  issuers: readonly IssuerConfig[],
  roles: Readonly<Record<string, RoleConfig>>,
): CredentialAccess => ({
  kind: 'credentials',
  tokens: [],
  issuers,
  roles: new Map(Object.entries(roles)),
});
