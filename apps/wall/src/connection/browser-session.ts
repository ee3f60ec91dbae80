import { membersOf } from '../state/members-of.ts';

/** Says that somebody has signed in, which no script can see by the cookie. It holds nothing. */
const mark = 'se5-signed-in';

export const isSignedIn = (): boolean => localStorage.getItem(mark) !== null;

/** Why no session has begun: in words of the gateway, or a reason that the page knows. */
export type SignInRefusal =
  | { readonly reason: 'wrong' | 'unreachable' }
  | { readonly reason: 'status'; readonly status: string }
  | { readonly reason: 'said'; readonly message: string };

/**
 * Begins a session: from now on the browser sends the token in a cookie that no script can read,
 * in all tabs until it is closed.
 *
 * @param gateway the page's own.
 * @returns why not; undefined when the session has begun.
 */
export async function signIn(gateway: string, token: string): Promise<SignInRefusal | undefined> {
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${gateway}/session`, { method: 'POST', headers });
    if (response.ok) {
      localStorage.setItem(mark, '');
      return undefined;
    }
    if (response.status === 401) return { reason: 'wrong' };
    const message = messageIn(await response.json());
    if (message !== undefined) return { reason: 'said', message };
    return { reason: 'status', status: `${response.status}` };
  } catch {
    return { reason: 'unreachable' };
  }
}

/** Ends the session in all tabs, once they are loaded again. @returns whether it has ended. */
export async function signOut(gateway: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${gateway}/session`, { method: 'DELETE' });
    if (ok) localStorage.removeItem(mark);
    return ok;
  } catch {
    return false;
  }
}

function messageIn(body: unknown): string | undefined {
  const { errors } = membersOf(body);
  const { message } = membersOf(Array.isArray(errors) ? errors[0] : undefined);
  return typeof message === 'string' ? message : undefined;
}
