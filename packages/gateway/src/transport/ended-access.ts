import { UNAUTHENTICATED_MESSAGES } from '../access/authentication.ts';
import type { AccessEnd } from '../access/live-viewers.ts';
import type { HttpFault } from './http-fault.ts';

const RIGHTS_CHANGED: HttpFault = {
  status: 401,
  code: 'RIGHTS_CHANGED',
  message: 'This credential allows something else than a moment ago. Ask again.',
  headers: { 'WWW-Authenticate': 'Bearer' },
};

/** The answer to a request whose viewer may not go on, though it was let in. */
export const endedAccess = (why: AccessEnd): HttpFault =>
  why === 'changed'
    ? RIGHTS_CHANGED
    : {
        status: 401,
        code: 'UNAUTHENTICATED',
        message: UNAUTHENTICATED_MESSAGES[why],
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      };
