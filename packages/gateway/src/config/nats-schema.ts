import { hostname } from 'node:os';
import { z } from 'zod';
import type { ClusterConfig, NatsConfig, NatsLogin } from './config.ts';
import { siteIdSchema } from './ids.ts';
import { checkedText, list, section, wholeNumber } from './values.ts';

const SERVER_FORM = 'an address such as nats://10.0.0.7:4222 or tls://nats.example.com:4222';
const STREAM_FORM = 'a name of 1 to 32 letters, digits, hyphens and underscores';
const NAME_FORM = 'a name of 1 to 64 letters, digits, dots, hyphens and underscores';
const PATH_FORM = 'the path of a file';
const TEXT_FORM = 'text';
const REPLICAS_FORM = 'a whole number from 1 to 5';

const path = z.string({ error: PATH_FORM }).min(1, { error: PATH_FORM });
const text = z.string({ error: TEXT_FORM }).min(1, { error: TEXT_FORM });

/** Without a user in the address: it would be in log lines. */
function isServer(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    /^(?:nats|tls):$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    /^\/?$/.test(url.pathname + url.search + url.hash)
  );
}

const tlsSchema = section({
  ca: path
    .optional()
    .describe('The certificates of the authorities (PEM). Default: those of Node.'),
  cert: path.optional().describe('The certificate of this gateway (PEM), where NATS asks for one.'),
  key: path.optional().describe('Its private key (PEM).'),
})
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key together',
  })
  .transform(({ ca, cert, key }) => ({ ca, cert, key }));

export const natsSchema = section({
  servers: list(checkedText(SERVER_FORM, isServer), 'addresses of NATS servers')
    .min(1, { error: 'at least one address of a NATS server' })
    .describe('The NATS servers, such as `nats://10.0.0.7:4222`. With `tls://` only over TLS.'),
  credentials: path
    .optional()
    .describe('A file of credentials (`.creds`). At most one of `credentials`, `user`, `token`.'),
  user: text.optional().describe('The name of the user; with `password`.'),
  password: text.optional().describe('The password of the user.'),
  token: text.optional().describe('The token that NATS asks for.'),
  tls: tlsSchema.optional().describe('The certificates for TLS.'),
  stream: checkedText(STREAM_FORM, (name) => /^[\w-]{1,32}$/.test(name))
    .prefault('se5')
    .describe(
      'The name of the stream, equal on all gateways that share a log. The gateway creates it, ' +
        'and further streams whose names begin with it.',
    ),
  replicas: wholeNumber(REPLICAS_FORM, 5)
    .prefault(1)
    .describe(
      'On how many NATS servers each event is stored, from `1` to `5`. With `3` the log survives ' +
        'the loss of one server. Only read when the gateway creates the streams.',
    ),
})
  .refine(({ credentials, user, token }) => count(credentials, user, token) <= 1, {
    error: 'at most one of credentials, user and token',
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: 'user and password together',
  })
  .transform(({ servers, stream, replicas, tls, ...login }): NatsConfig => {
    return { servers, stream, replicas, tls, login: loginOf(login) };
  });

export const clusterSchema = section({
  name: checkedText(NAME_FORM, (name) => /^[\w.-]{1,64}$/.test(name))
    .optional()
    .describe('The name of this gateway, unique in the cluster. Default: the name of the host.'),
  sites: list(siteIdSchema, 'ids of sites')
    .optional()
    .describe(
      'The sites whose boxes this gateway can reach. Default: all. Another gateway connects to ' +
        'the boxes of the other sites.',
    ),
}).transform(
  ({ name, sites }): ClusterConfig => ({
    name:
      name ??
      (hostname()
        .replaceAll(/[^\w.-]/g, '-')
        .slice(0, 64) ||
        'gateway'),
    sites,
  }),
);

const count = (...values: readonly unknown[]): number =>
  values.filter((value) => value !== undefined).length;

function loginOf({
  credentials,
  user,
  password,
  token,
}: {
  readonly [name in 'credentials' | 'user' | 'password' | 'token']?: string | undefined;
}): NatsLogin {
  if (credentials !== undefined) return { kind: 'credentials', path: credentials };
  if (token !== undefined) return { kind: 'token', token };
  if (user !== undefined && password !== undefined) return { kind: 'user', user, password };
  return { kind: 'none' };
}
