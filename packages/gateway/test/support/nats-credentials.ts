import { randomUUID } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';
import type { NatsConfig } from '@se5/nats-server';

/**
 * Settings of a nats-server that lets in whoever has a file of credentials, and such files.
 *
 * An operator vouches for an account, and the account for its users, each by a JSON Web Token that
 * is signed with an nkey: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/jwt
 */
export interface NatsCredentials {
  readonly config: NatsConfig;
  /** The content of the file of another user. */
  readonly newFile: () => string;
}

export function natsCredentials(): NatsCredentials {
  const operator = nkeys.createOperator();
  const account = nkeys.createAccount();
  const system = nkeys.createAccount();
  const unlimited = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    conn: -1,
    leaf: -1,
  };
  const accountToken = (key: nkeys.KeyPair) =>
    token(operator, key.getPublicKey(), {
      type: 'account',
      limits: { ...unlimited, wildcards: true },
    });
  return {
    config: {
      operator: token(operator, operator.getPublicKey(), { type: 'operator' }),
      system_account: system.getPublicKey(),
      resolver: 'MEMORY',
      resolver_preload: Object.fromEntries(
        [account, system].map((key) => [key.getPublicKey(), accountToken(key)]),
      ),
    },
    newFile() {
      const user = nkeys.createUser();
      const allowed = token(account, user.getPublicKey(), { type: 'user', ...unlimited });
      const seed = new TextDecoder().decode(user.getSeed());
      return [
        `-----BEGIN NATS USER JWT-----\n${allowed}\n------END NATS USER JWT------\n`,
        `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
      ].join('\n');
    },
  };
}

function token(issuer: nkeys.KeyPair, subject: string, nats: object): string {
  const header = { typ: 'JWT', alg: 'ed25519-nkey' };
  const claims = {
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1_000),
    iss: issuer.getPublicKey(),
    sub: subject,
    nats: { version: 2, ...nats },
  };
  const signed = [header, claims].map(encoded).join('.');
  const signature = issuer.sign(new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
