import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type AccessConfig,
  EVERYTHING,
  FIELD_GROUPS,
  type IssuerConfig,
  type IssuerKeys,
  type RoleConfig,
  type TokenConfig,
} from './access.ts';
import { PERSON_TYPES } from './person-types.ts';
import { checkedText, duration, list, oneOf, section } from './values.ts';

const TOKEN_FORM =
  'at least 16 visible ASCII characters without a space (`openssl rand -hex 32` makes good ones)';
const NAME_FORM = 'a name of 1 to 64 letters, digits, dots, hyphens and underscores';
const DIGEST_FORM = 'a SHA-256 digest: 64 hexadecimal digits';
const DAY_FORM = 'a day such as 2027-01-31, or a time such as 2027-01-31T18:00:00Z';
const ADDRESS_FORM =
  'an address with https://, with http:// on this machine, or the path of a file';
const PATH_FORM = 'the path of a file';
const CLAIM_FORM = 'the name of a claim, with dots for nested ones, such as realm_access.roles';
const SECRET_FORM = 'at least 32 characters';
const HISTORY_FORM = 'none, all, or a duration such as 7d';

/** Of JWS (RFC 7518, RFC 8037): those with a public key. */
const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

const name = checkedText(NAME_FORM, (text) => /^[\w.-]{1,64}$/.test(text));
const path = z.string({ error: PATH_FORM }).min(1, { error: PATH_FORM });
const token = checkedText(TOKEN_FORM, (text) => /^[\x21-\x7e]{16,}$/.test(text));
const id = z.string({ error: 'text' }).min(1, { error: 'text' });
const flag = z.boolean({ error: 'true or false' });

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A day ends with it, in UTC. */
const day = z.string({ error: DAY_FORM }).transform((text, context) => {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(isDay ? `${text}T23:59:59.999Z` : text);
  if (!Number.isNaN(at) && (isDay || /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text))) return at;
  context.addIssue({ code: 'custom', message: DAY_FORM });
  return z.NEVER;
});

const tokenSchema = section({
  name: name.describe('How logs, the audit and the deny list call the holder. None twice.'),
  role: name.describe('The role of the holder, one of `access.roles`.'),
  token: token.optional().describe('What the holder sends. Either this or `sha256`.'),
  sha256: checkedText(DIGEST_FORM, (text) => /^[\da-f]{64}$/i.test(text))
    .optional()
    .describe(
      'The SHA-256 digest of the token in hex, so that the file does not hold the token itself.',
    ),
  expires: day
    .optional()
    .describe(
      'A day (`2027-01-31`, to its end in UTC) or a time. Afterwards the token is not taken any more. ' +
        'Default: never.',
    ),
})
  .refine(({ token, sha256 }) => (token === undefined) !== (sha256 === undefined), {
    error: 'either token or sha256, and not both',
  })
  .transform(
    ({ name, role, token, sha256 = '', expires }): TokenConfig => ({
      name,
      roles: [role],
      sha256: token === undefined ? sha256.toLowerCase() : digestOf(token),
      expiresAt: expires,
    }),
  );

/** Keys that come by plain HTTP could be anybody's, unless they come from this machine. */
const isKeyAddress = (text: string): boolean =>
  URL.canParse(text) &&
  (text.startsWith('https://') ||
    /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)/.test(text));

const issuerSchema = section({
  issuer: z
    .string({ error: 'the issuer of tokens, as in their iss' })
    .min(1, { error: 'the issuer of tokens, as in their iss' })
    .describe('What the `iss` of a token must be, to the letter. None twice.'),
  audience: z
    .string({ error: 'the audience of tokens, as in their aud' })
    .min(1, { error: 'the audience of tokens, as in their aud' })
    .describe('What the `aud` of a token must be, or contain.'),
  jwks: checkedText(
    ADDRESS_FORM,
    (text) => text !== '' && (!/^[a-z]+:\/\//i.test(text) || isKeyAddress(text)),
  )
    .optional()
    .describe(
      'The public keys of the issuer: the `https` address of its JWKS, or a file. They are kept, and asked ' +
        'for again when a token names a key that is not among them. Either this or `secret`.',
    ),
  secret: checkedText(SECRET_FORM, (text) => text.length >= 32)
    .optional()
    .describe(
      'The secret that tokens are signed with, of at least 32 characters, for `HS256` and its kind.',
    ),
  algorithms: z
    .array(z.literal([...PUBLIC_KEY_ALGORITHMS, ...SECRET_ALGORITHMS]), {
      error: `a list of ${[...PUBLIC_KEY_ALGORITHMS, ...SECRET_ALGORITHMS].join(', ')}`,
    })
    .min(1, { error: 'at least one algorithm' })
    .optional()
    .describe(
      'What tokens may be signed with, never `none`. Default: all that have a public key; with `secret` `HS256`.',
    ),
  roles: checkedText(CLAIM_FORM, (text) => /^[^.\s]+(?:\.[^.\s]+)*$/.test(text))
    .prefault('roles')
    .describe(
      'The claim that names the roles of the holder, text or a list: `roles`, or `realm_access.roles` with Keycloak.',
    ),
  leeway: duration
    .prefault('30s')
    .describe('By how much the clocks of issuer and gateway may differ.'),
})
  .refine(({ jwks, secret }) => (jwks === undefined) !== (secret === undefined), {
    error: 'either jwks or secret, and not both',
  })
  .refine(
    ({ secret, algorithms = [] }) =>
      algorithms.every((each) => each.startsWith('HS') === (secret !== undefined)),
    { error: 'algorithms that fit: HS256, HS384 and HS512 with secret, all others with jwks' },
  )
  .transform(
    ({ issuer, audience, jwks, secret, algorithms, roles, leeway }): IssuerConfig => ({
      issuer,
      audience,
      keys: keysOf(jwks, secret),
      algorithms: algorithms ?? (secret === undefined ? PUBLIC_KEY_ALGORITHMS : ['HS256']),
      rolesClaim: roles.split('.'),
      leewayMs: leeway,
    }),
  );

function keysOf(jwks: string | undefined, secret: string | undefined): IssuerKeys {
  if (jwks === undefined) return { kind: 'secret', secret: secret ?? '' };
  return isKeyAddress(jwks) ? { kind: 'address', address: jwks } : { kind: 'file', path: jwks };
}

const roleSchema = section({
  sites: list(id, 'ids of sites').optional().describe('Of these sites. Left out: any.'),
  boxes: list(id, 'ids of boxes').optional().describe('Of these boxes. Left out: any.'),
  devices: list(id, 'ids of devices')
    .optional()
    .describe(
      'Of these devices: `<box id>/<device id>`, or a box’s own id of it, on every box that has it. Left out: any.',
    ),
  personTypes: list(oneOf(...PERSON_TYPES), PERSON_TYPES.join(', '))
    .optional()
    .describe('Events of these types of persons. Left out: any.'),
  fields: list(oneOf(...FIELD_GROUPS), FIELD_GROUPS.join(', '))
    .prefault([])
    .describe(
      'What of an event is shown: `identity` (id, name, group, `identityInfo` and `extra`), `face`, `scene`, ' +
        '`registered`. All else of it, such as device, time and person type, is always shown.',
    ),
  history: z
    .union(
      [z.literal('none').transform(() => 0), z.literal('all').transform(() => Infinity), duration],
      {
        error: HISTORY_FORM,
      },
    )
    .prefault('all')
    .describe(
      'How far back events may be seen: `none`, `all` that is kept, or a duration. What happens while a client ' +
        'is connected is always delivered.',
    ),
  erase: flag
    .prefault(false)
    .describe(
      'May erase persons and days over GraphQL, at all sites. `se5-gateway erase` on the gateway’s machine needs no role.',
    ),
  metrics: flag.prefault(false).describe('May read `/metrics`.'),
  answer: flag
    .prefault(false)
    .describe('May acknowledge and close the alarms that it sees, and add notes to them.'),
  export: flag
    .prefault(false)
    .describe('May download the history that it sees: `/export/events.ndjson` and `.csv`.'),
  operations: oneOf('all', 'trusted')
    .prefault('all')
    .describe('`trusted`: only operations of `access.documents` run.'),
}).transform(
  ({
    sites,
    boxes,
    devices,
    personTypes,
    fields,
    history,
    erase,
    metrics,
    answer,
    export: mayExport,
    operations,
  }): RoleConfig => ({
    siteIds: sites,
    boxIds: boxes,
    deviceIds: devices,
    personTypes,
    fields,
    historyMs: history,
    mayErase: erase,
    mayReadMetrics: metrics,
    mayAnswer: answer,
    mayExport,
    operations,
  }),
);

const rolesSchema = z.record(name, roleSchema, { error: 'a map of roles, each by its name' });

export const accessSchema = section({
  token: token
    .optional()
    .describe(
      'One token that opens everything: at least 16 visible ASCII characters without a space. ' +
        '`openssl rand -hex 32` makes a good one.',
    ),
  insecure: flag
    .optional()
    .describe(
      '`true`: everybody who reaches `listen` may see every face. Not beside `token`, `tokens` or `jwt`.',
    ),
  tokens: list(tokenSchema, 'tokens, each with `name`, `role` and `token` or `sha256`')
    .prefault([])
    .describe('Tokens with a role each.'),
  jwt: list(issuerSchema, 'issuers, each with `issuer`, `audience` and `jwks`')
    .prefault([])
    .describe('Whose JSON Web Tokens are taken.'),
  roles: rolesSchema.prefault({}).describe('What the holders of tokens may see and do, by role.'),
  documents: path
    .optional()
    .describe(
      'The file of trusted documents: JSON of hashes and documents, as graphql-codegen’s client preset and ' +
        'Relay write it.',
    ),
  deny: path
    .optional()
    .describe(
      'A file of credentials that are not taken any more: a `jti`, a `sub` or the name of a token on each line. ' +
        'The gateway watches the file, and ends the connections of a new entry within a second.',
    ),
  audit: path
    .optional()
    .describe(
      'Where to write who looked at what: a folder, which gets a file a day, or `stdout`. Default: nowhere.',
    ),
  auditKeep: duration.prefault('90d').describe('How long files of the audit are kept.'),
}).transform(({ token, tokens, jwt, roles, documents, deny, audit, auditKeep }): AccessConfig => {
  const common = {
    ...(documents !== undefined && { documents }),
    ...(audit !== undefined && { audit: { path: audit, keepMs: auditKeep } }),
  };
  if (token === undefined && tokens.length === 0 && jwt.length === 0) {
    return { kind: 'open', ...common };
  }
  const all = token === undefined ? [] : [everythingToken(token)];
  return {
    kind: 'credentials',
    tokens: [...all, ...tokens],
    issuers: jwt,
    roles: new Map(Object.entries(roles)),
    ...(deny !== undefined && { deny }),
    ...common,
  };
});

/** What `access.token` comes to. */
export const everythingToken = (token: string): TokenConfig => ({
  name: 'access.token',
  sha256: digestOf(token),
  roles: [EVERYTHING],
});
