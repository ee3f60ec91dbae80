import { z } from 'zod';
import { isLoopback } from './host.ts';
import { parseListen } from './listen.ts';
import type { Violation } from './problems.ts';

const text = z.string().optional().catch(undefined);
const holder = z.object({ name: text, role: text }).catch({ name: undefined, role: undefined });

const outlinedRole = z.object({ operations: text }).catch({ operations: undefined });

/** As much of `access` as the rules look at; what is not of the right kind is as if it were absent. */
export const accessOutline = z
  .object({
    token: z.unknown().optional(),
    insecure: z.unknown().optional(),
    tokens: z.array(holder).catch([]).prefault([]),
    jwt: z
      .array(z.object({ issuer: text }).catch({ issuer: undefined }))
      .catch([])
      .prefault([]),
    documents: z.unknown().optional(),
    roles: z.record(z.string(), outlinedRole).catch({}).prefault({}),
  })
  .catch({ tokens: [], jwt: [], roles: {} });

type AccessOutline = z.output<typeof accessOutline>;

/** What must hold between the keys of `access`, and between it and `listen`. */
export const accessRules = (listen: string | undefined, access: AccessOutline): Violation[] => [
  ...openListening(listen, access),
  ...unknownRoles(access),
  ...untrustedRoles(access),
  ...repeats(
    'tokens',
    'name',
    access.tokens.map(({ name }) => name),
  ),
  ...repeats(
    'jwt',
    'issuer',
    access.jwt.map(({ issuer }) => issuer),
  ),
];

/** The ways of asking for a credential. */
const CREDENTIALS = ['token', 'tokens', 'jwt'] as const;

function openListening(listen: string | undefined, access: AccessOutline): Violation[] {
  const wanted = CREDENTIALS.filter((key) => {
    const value = access[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (access.insecure === true && wanted.length > 0) {
    const message = `found ${wanted.join(' and ')} and insecure: true; remove one of them`;
    return [{ path: ['access'], message }];
  }
  const address = listen === undefined ? undefined : parseListen(listen);
  if (address === undefined || isLoopback(address.host)) return [];
  if (wanted.length > 0 || access.insecure === true) return [];
  return [
    {
      path: ['listen'],
      message:
        'other machines can reach this address, and nothing keeps them from seeing faces; set ' +
        'access.token, or listen on 127.0.0.1, or write access.insecure: true to accept that',
    },
  ];
}

const unknownRoles = ({ tokens, roles }: AccessOutline): Violation[] =>
  tokens.flatMap(({ role }, index) => {
    if (role === undefined || Object.hasOwn(roles, role)) return [];
    const known = Object.keys(roles).join(', ') || 'none yet';
    const message = `no role has this name, so the token would allow nothing; access.roles has: ${known}`;
    return [{ path: ['access', 'tokens', index, 'role'], message }];
  });

const untrustedRoles = ({ documents, roles }: AccessOutline): Violation[] =>
  Object.entries(roles).flatMap(([name, { operations }]) => {
    if (operations !== 'trusted' || documents !== undefined) return [];
    const message =
      'found trusted, but no trusted documents are named, so the role could run nothing; set access.documents';
    return [{ path: ['access', 'roles', name, 'operations'], message }];
  });

function repeats(list: string, key: string, values: readonly (string | undefined)[]): Violation[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return [];
    const message = `access.${list}[${first}] has the same ${key}; each ${key} may be there once`;
    return [{ path: ['access', list, index, key], message }];
  });
}
