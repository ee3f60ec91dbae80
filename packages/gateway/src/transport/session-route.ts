import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerCredential } from '../access/credential.ts';
import { endedSessionCookie, sessionCookie } from '../access/session-cookie.ts';
import type { Viewer } from '../access/viewer.ts';
import { sendJson } from './answer.ts';
import { type HttpFault, sendFault } from './http-fault.ts';

const NO_BEARER: HttpFault = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'A session begins with a token: send "Authorization: Bearer <token>".',
};

const TOO_LONG: HttpFault = {
  status: 413,
  code: 'CREDENTIAL_TOO_LONG',
  message:
    'The token is too long for a cookie, which may have 4,096 bytes. Let the issuer put less into ' +
    'it, or send it as "Authorization: Bearer <token>" or in the payload of connection_init.',
};

/** The session of a browser: its cookie holds the credential, and the gateway keeps nothing. */
export interface SessionRoute {
  /** Answers with the cookie, and `{ expiresAt }`: a time of ISO 8601, or null. */
  readonly begin: (request: IncomingMessage, response: ServerResponse, viewer: Viewer) => void;
  readonly end: (response: ServerResponse) => void;
}

/**
 * @param publicUrl says whether browsers see the gateway by HTTPS.
 * @param now in ms since the Unix epoch.
 */
export function createSessionRoute(publicUrl: string | undefined, now: () => number): SessionRoute {
  const isSecure = publicUrl?.startsWith('https:') === true;
  return {
    begin({ headers }, response, { expiresAt }) {
      const credential = bearerCredential(headers.authorization);
      if (credential === undefined) {
        sendFault(response, NO_BEARER);
        return;
      }
      const maxAgeS =
        expiresAt === undefined ? undefined : Math.max(0, Math.floor((expiresAt - now()) / 1_000));
      const cookie = sessionCookie(credential, { isSecure, maxAgeS });
      if (cookie === undefined) {
        sendFault(response, TOO_LONG);
        return;
      }
      sendJson(response, 200, JSON.stringify({ expiresAt: isoTime(expiresAt) }), {
        'Set-Cookie': cookie,
      });
    },
    end(response) {
      response
        .writeHead(204, { 'Set-Cookie': endedSessionCookie(isSecure), 'Cache-Control': 'no-store' })
        .end();
    },
  };
}

/** As clients are told it: null for never. */
export const isoTime = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();
