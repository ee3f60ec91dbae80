import type { Viewer } from './viewer.ts';

/** What is wrong with a credential. More is told only to somebody who has held a right one. */
export type CredentialFault =
  | 'missing'
  | 'wrong'
  /** It was right until it expired. */
  | 'expired'
  /** It would be right, but for the deny list or a change of the configuration. */
  | 'revoked';

/** Who holds a credential, for the audit. */
export type CredentialHolder = Pick<Viewer, 'name' | 'roles' | 'subject' | 'tokenId' | 'issuer'>;

/** A credential that is not taken. Its holder is known only when its signature or digest is right. */
export type FaultyCredential =
  | { readonly credential: 'missing' | 'wrong' }
  | { readonly credential: 'expired' | 'revoked'; readonly holder: CredentialHolder };

/** What a credential comes to. */
export type Authentication =
  | { readonly kind: 'viewer'; readonly viewer: Viewer }
  | ({ readonly kind: 'refused' } & FaultyCredential)
  /** The issuer's keys can't be had, so nobody can say whether the token is right. */
  | { readonly kind: 'issuer unavailable'; readonly retryAfterS: number };

/** Who holds this credential. */
export type Authenticate = (
  credential: string | undefined,
) => Authentication | Promise<Authentication>;

/** For an answer by HTTP. */
export const UNAUTHENTICATED_MESSAGES: Readonly<Record<CredentialFault, string>> = {
  missing:
    'A token is needed: send "Authorization: Bearer <token>", or { "token": "<token>" } as the ' +
    'payload of connection_init. It is one that the gateway’s configuration names in access, such ' +
    'as the value of access.token.',
  wrong:
    'This is not the right token. The right ones are those that the gateway’s configuration names ' +
    'in access, such as the value of access.token.',
  expired: 'This token has expired: send a new one.',
  revoked: 'This token is not taken any more: send another one.',
};

/** The same, short enough for a close frame. */
export const UNAUTHENTICATED_REASONS: Readonly<Record<CredentialFault, string>> = {
  missing: 'A token is needed: { "token": "<token>" } in the payload of connection_init',
  wrong: 'This is not the right token',
  expired: 'This token has expired',
  revoked: 'This token is not taken any more',
};

/** Short enough for a close frame, too. */
export const ISSUER_UNAVAILABLE_MESSAGE =
  'The keys of the issuer of this token can’t be had now: come back in a moment.';
